import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Part } from '../src/csv/shared.ts';
import { TableReader } from '../src/csv/table-reader.ts';
import {
  category,
  defineSchema,
  number,
  numbers,
  type ReadOptions,
  type Table,
} from '../src/index.ts';
import { readFile } from '../src/node/read-file.ts';
import { type SegmentJob, takeSegments, word } from '../src/node/segments.ts';
import { oddFile } from './odd-file.ts';
import { outcome, outcomeOf, sameOutcome } from './outcome.ts';

const folder = mkdtempSync(join(tmpdir(), 'segments-'));
const path = join(folder, 'file.csv');
// The same files in every run, unless more are asked for
const seed = process.env.LANES_RUNS === undefined ? { seed: 7 } : {};
const encode = (source: string): Uint8Array => new TextEncoder().encode(source);

interface Plan {
  readonly first: number;
  readonly segmentBytes: number;
  readonly overhang: number;
  /** Which of two readers goes on, step by step. */
  readonly turns: readonly number[];
}

/** Reads a file as two threads would, whose steps are interleaved as planned; also how much they read. */
function interleaved(
  bytes: Uint8Array,
  options: ReadOptions,
  plan: Plan,
): Table & { shared: number } {
  writeFileSync(path, bytes);
  const file = openSync(path, 'r');
  try {
    const reader = new TableReader({ ...options, operation: 'readCsv' });
    reader.push(bytes.subarray(0, plan.first));
    const shared = reader.share(bytes.length);
    let position = plan.first;
    let rows = 0;
    if (shared !== undefined) {
      const control = new Int32Array(new SharedArrayBuffer(4 * word.count));
      control[word.rows] = shared.rows;
      const reached = Float64Array.of(shared.position);
      const { segmentBytes, overhang } = plan;
      const job: SegmentJob = {
        ...{ ...shared, file, size: bytes.length, segmentBytes, overhang, control, reached },
        capacity: shared.capacity,
      };
      const two = [takeSegments(job), takeSegments(job)];
      const parts: (Part | undefined)[] = [undefined, undefined];
      for (let k = 0; parts.includes(undefined); k++) {
        const who = plan.turns[k % plan.turns.length] ^ (Math.floor(k / 40) % 2);
        if (parts[who] !== undefined) continue;
        const step = two[who].next();
        if (step.done) parts[who] = step.value;
      }
      rows = control[word.rows] - shared.rows;
      reader.adopt(
        {
          rows: control[word.rows],
          lines: control[word.lines],
          dropped: control[word.dropped],
          position: reached[0],
        },
        parts as Part[],
      );
      position = reached[0];
    }
    reader.push(bytes.subarray(position));
    return { ...reader.end(), shared: rows };
  } finally {
    closeSync(file);
  }
}

const plan: fc.Arbitrary<Plan> = fc.record({
  first: fc.integer({ min: 20, max: 200 }),
  segmentBytes: fc.integer({ min: 5, max: 300 }),
  overhang: fc.constantFrom(3, 40, 1000),
  turns: fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 8 }),
});

describe('segments read side by side', () => {
  test('give the table, the warnings or the error of the reference', async () => {
    let shared = 0;
    await fc.assert(
      fc.asyncProperty(oddFile(true), plan, async ({ source, options }, how) => {
        const bytes = encode(source);
        const wanted = await outcomeOf(bytes, { ...options, lane: 'reference' });
        const found = await outcome(() => {
          const { shared: rows, ...table } = interleaved(bytes, options, how);
          shared += rows;
          return table;
        });
        sameOutcome(found, wanted);
      }),
      { numRuns: Number(process.env.LANES_RUNS ?? 100), endOnFailure: true, ...seed },
    );
    expect(shared).toBeGreaterThan(20); // otherwise nothing was tried
  }, 60_000);

  test('find the same labels, in whatever order threads meet them', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `${i},l${(i * 7919) % 50}`);
    const bytes = encode(`x,k\n${rows.join('\n')}\n`);
    const options = { schema: defineSchema({ x: number(), k: category() }) };
    const wanted = await outcomeOf(bytes, { ...options, lane: 'reference' });
    for (const turns of [[0], [1], [0, 1], [1, 1, 0]]) {
      const how = { first: 40, segmentBytes: 64, overhang: 100, turns };
      const found = interleaved(bytes, options, how);
      expect(found.shared).toBeGreaterThan(480);
      sameOutcome(await outcome(() => ({ ...found, shared: undefined }) as Table), {
        ...wanted,
        shared: undefined,
      });
    }
  });
});

describe('a second thread', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i},${i / 7},${'ab'[i % 2]}`);
  const schema = defineSchema({ i: number(), x: number(), k: category() });
  const small = { threads: 2, leastRest: 0, segmentBytes: 8192, chunkBytes: 4096 };
  const read = (source: string) => {
    writeFileSync(path, source);
    return outcome(() => readFile(path, { schema, file: 'f' }, small));
  };

  test('reads what one thread reads', async () => {
    const source = `i,x,k\n${lines.join('\n')}\n`;
    expect(await read(source)).toEqual(await outcomeOf(encode(source), { schema }));
    const table = await readFile(path, { schema }, small);
    expect(numbers(table, 'i').every((value, i) => value === i)).toBe(true);
  }, 30_000);

  test('leaves what is odd to the reference, and goes on', async () => {
    const odd = [...lines];
    odd.splice(15_000, 0, '7,"1.5","a"', '"7",2,"b ""quoted"""', '007,3,c');
    const source = `i,x,k\n${odd.join('\r\n')}\r\n\n`;
    expect(await read(source)).toEqual(
      await outcomeOf(encode(source), { schema, lane: 'reference' }),
    );
    odd.splice(18_000, 0, '1,2,3,4');
    expect(await read(`i,x,k\n${odd.join('\n')}`)).toMatchObject({
      reason: 'ragged-row',
      line: 18_002,
    });
  }, 30_000);
});
