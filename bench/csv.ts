// Reading speed of numeric CSV, beside csv-parse making an object per row.
import { Readable } from 'node:stream';
import { category, defineSchema, number, readCsv } from '@steepest/datasets';
import { parse } from 'csv-parse';

const rows = 300_000;
const width = 10;
const bytes = makeCsv();
const chunks = (): Uint8Array[] => {
  const list: Uint8Array[] = [];
  for (let i = 0; i < bytes.length; i += 65_536) list.push(bytes.subarray(i, i + 65_536));
  return list;
};

const schema = defineSchema<
  Record<string, ReturnType<typeof number> | ReturnType<typeof category>>
>({
  ...Object.fromEntries(Array.from({ length: width }, (_, j) => [`x${j}`, number()])),
  kind: category(),
});

const ours = await best('readCsv, typed columns', async () => {
  const table = await readCsv(chunks(), { schema });
  return table.rows;
});
const objects = await best('csv-parse { columns, cast }', async () => {
  let count = 0;
  const parser = Readable.from(chunks()).pipe(parse({ columns: true, cast: true }));
  for await (const _ of parser) count++;
  return count;
});
console.log(`ratio ${(ours / objects).toFixed(1)}`);

async function best(name: string, run: () => Promise<number>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    const count = await run();
    if (count !== rows) throw new Error(`${name}: read ${count} rows, expected ${rows}`);
    fastest = Math.min(fastest, performance.now() - start);
  }
  const speed = bytes.length / 1000 / fastest;
  console.log(
    `${name}: ${speed.toFixed(1)} MB/s (${(bytes.length / 1e6).toFixed(0)} MB, ${rows} rows)`,
  );
  return speed;
}

function makeCsv(): Uint8Array {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  const lines = [`${Array.from({ length: width }, (_, j) => `x${j}`).join(',')},kind`];
  for (let i = 0; i < rows; i++) {
    const cells = Array.from({ length: width }, () => (next() * 100).toFixed(5));
    lines.push(`${cells.join(',')},${'abc'[i % 3]}`);
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}
