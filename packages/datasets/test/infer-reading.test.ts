import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  category,
  defineSchema,
  inferSchemaOf,
  number,
  numbers,
  type Proposal,
  parseCsv,
  readCsv,
  type Table,
} from '../src/index.ts';
import * as node from '../src/node.ts';
import { oddFile } from './odd-file.ts';
import { type Outcome, outcome } from './outcome.ts';

/** What one gets by hand: the proposal for the whole file, and the file read by it. */
async function byHand(source: string, options: object): Promise<Outcome> {
  return outcome(() => {
    const named = { operation: 'read', ...options };
    const { schema, explanation } = inferSchemaOf(source, named);
    const table = parseCsv(source, { ...named, schema });
    // Names of numbers are expected where a schema declares them, so they are no longer mentioned.
    return { ...table, warnings: of(table), explanation } as Table;
  });
}

const of = ({ warnings }: Table) => warnings.filter(({ kind }) => !kind.startsWith('header'));

async function inferred(source: string, options: object): Promise<Outcome> {
  return outcome(async () => {
    const read = await readCsv(source, { operation: 'read', ...options, schema: 'infer' });
    const { proposal, ...table } = read;
    return { ...table, warnings: of(table), explanation: proposal.explanation } as Table;
  });
}

describe("schema: 'infer'", () => {
  test('reads what inferSchema and then readCsv read, whatever is in the file', async () => {
    await fc.assert(
      fc.asyncProperty(oddFile(), async ({ source, options: { delimiter, decimal } }) => {
        const options = { delimiter, decimal };
        const [found, wanted] = [await inferred(source, options), await byHand(source, options)];
        // By hand it is found after all else, or becomes part of a level.
        const early = found.reason === 'control-character';
        if (!early) expect(found).toEqual(wanted);
      }),
      { numRuns: Number(process.env.LANES_RUNS ?? 100), endOnFailure: true, seed: 5 },
    );
  }, 60_000);

  // Longer than what is looked at before types are guessed
  const plain = (last: string) => `a,b,c\n${'1.5,2,x\n2.5,3,y\n'.repeat(12_000)}${last}\n`;

  test.each([
    ['a text in the last row', '9,oops,x'],
    ['a code in the last row', '007,5,x'],
    ['a hole in the last row', '7,,x'],
    ['a new label in the last row', '7,5,z'],
    ['too many digits in the last row', '12345678901234567890,1,x'],
    ['two kinds of holes', 'NA,1,x\n,NA,?'],
    ['a row too short', '1,2'],
    ['nothing unusual', '1,2,y'],
  ])('%s', async (_, last) => {
    const source = plain(last);
    expect(await inferred(source, {})).toEqual(await byHand(source, {}));
  });

  test('says which proposal was followed, and takes a path', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'infer-')), 'a.csv');
    writeFileSync(path, plain('3,4,z'));
    const table = await node.readCsv(path, { schema: 'infer', target: 'c' });
    expectTypeOf(table.proposal).toEqualTypeOf<Proposal>();
    expect(table.proposal.source).toContain("c: category(['x', 'y', 'z'])");
    expect(table.schema).toEqual(table.proposal.schema);
    expect([table.schema.target, table.rows, table.file]).toEqual(['c', 24_001, path]);
    await expect(node.readCsv(path, { schema: 'infer', target: 'd' })).rejects.toMatchObject({
      reason: 'unknown-column',
    });
  });

  test('refuses what can be read once only, with the way out', async () => {
    async function* once() {
      yield 'a\n1\n';
    }
    for (const source of [once(), new Blob(['a\n1\n']).stream(), new Set(['a\n1\n']).values()]) {
      await expect(readCsv(source as never, { schema: 'infer' })).rejects.toThrow(
        /a stream that can be read once only; give a schema/,
      );
    }
    expect((await readCsv(new Blob(['a\n1\n']), { schema: 'infer' })).rows).toBe(1);
    expect((await readCsv(['a\n', '1\n'], { schema: 'infer' })).rows).toBe(1);
  });
});

describe('reading a part', () => {
  const source = `x,y,k\n${Array.from({ length: 500 }, (_, i) => `${i},${2 * i},a`).join('\n')}\nbad\n`;
  const schema = defineSchema({ x: number(), y: number(), k: category() });

  test.each(['wasm', 'plain', 'reference'] as const)(
    'limit ends it, by the lane %s',
    async (lane) => {
      for (const limit of [1, 2, 77, 500]) {
        for (const size of [10, 100_000]) {
          const chunks = Array.from({ length: Math.ceil(source.length / size) }, (_, i) =>
            source.slice(i * size, (i + 1) * size),
          );
          const table = await readCsv(chunks, { schema, limit, lane });
          expect(table.rows).toBe(limit);
          expect(numbers(table, 'y').at(-1)).toBe(2 * (limit - 1));
        }
      }
      await expect(readCsv(source, { schema, lane, limit: 501 })).rejects.toMatchObject({
        line: 502,
      });
      await expect(readCsv(source, { schema, lane, limit: 0 })).rejects.toThrow(RangeError);
    },
  );

  test('columns chooses among those of a schema', async () => {
    const table = await readCsv(source, { schema, columns: ['k', 'x'], limit: 9 });
    expect(table.names).toEqual(['x', 'k']);
    await expect(readCsv(source, { schema, columns: ['z'] })).rejects.toMatchObject({
      reason: 'unknown-column',
    });
  });

  test('a signal ends it with its reason, and progress is told', async () => {
    const control = new AbortController();
    const seen: number[] = [];
    const path = join(mkdtempSync(join(tmpdir(), 'signal-')), 'a.csv');
    writeFileSync(path, `x\n${'1\n'.repeat(800_000)}`);
    const reading = node.readCsv(path, {
      signal: control.signal,
      onProgress({ rows, bytes }) {
        seen.push(rows);
        if (bytes > 400_000) control.abort(new Error('enough'));
      },
    });
    await expect(reading).rejects.toThrow('enough');
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toBeLessThan(800_000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});
