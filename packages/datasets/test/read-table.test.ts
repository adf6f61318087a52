import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, test } from 'vitest';
import { category, defineSchema, number } from '../src/index.ts';
import { readTable } from '../src/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-table-'));
afterAll(() => rmSync(folder, { recursive: true }));

const csv = 'x,k\n1.5,a\n2,b\n';
const json = '{"x":1.5,"k":"a"}\n{"x":2,"k":"b"}\n';
const parquet = parquetWriteBuffer({
  columnData: [
    { name: 'x', data: [1.5, 2], type: 'DOUBLE' },
    { name: 'k', data: ['a', 'b'], type: 'STRING' },
  ],
});
const schema = defineSchema({ x: number(), k: category(['a', 'b']) }, { target: 'k' });

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test.each([
  ['a.csv', csv],
  ['a.csv.gz', gzipSync(csv)],
  ['a.TSV', csv.replaceAll(',', '\t')],
  ['a.jsonl', json],
  ['a.ndjson', json],
  ['a.jsonl.gz', gzipSync(json)],
  ['a.parquet', new Uint8Array(parquet)],
])('a file that is called %s is read as what it is', async (name, content) => {
  const path = file(name, content);
  const table = await readTable(path, { schema });
  expect(table.columns.get('x')).toEqual({ type: 'number', values: Float64Array.of(1.5, 2) });
  expect(table.file).toBe(path);
  const inferred = await readTable(path, { schema: 'infer', target: 'k' });
  expect(inferred.proposal.schema).toEqual(schema);
});

test('format says otherwise; options that a format does not know are refused', async () => {
  const path = file('a.dat', json);
  expect((await readTable(path, { schema, format: 'jsonl' })).rows).toBe(2);
  await expect(readTable(path)).rejects.toThrow(
    /the ending of .*a\.dat does not say .*format: 'csv'/,
  );
  await expect(readTable(file('b.parquet.gz', ''))).rejects.toThrow(/does not say/);
  await expect(readTable(path, { format: 'xlsx' as never })).rejects.toThrow(
    /format must be one of "csv"/,
  );
  await expect(readTable(path, { schema, format: 'jsonl', delimiter: ';' })).rejects.toThrow(
    /^readTable: unknown option delimiter/,
  );
  await expect(readTable(file('a.csv', csv), { schema, table: 'x' })).rejects.toThrow(
    /^readTable: unknown option table/,
  );
});

test('errors name the operation, the file and the place', async () => {
  const wrong = file('wrong.jsonl', '{"x":"1","k":"a"}\n');
  await expect(readTable(wrong, { schema })).rejects.toThrow(
    /^readTable: .*wrong\.jsonl, line 1, column "x"/,
  );
  await expect(readTable(join(folder, 'none.csv'))).rejects.toThrow(/^readTable: .*no such file/);
  await expect(readTable(join(folder, 'none.parquet'))).rejects.toThrow(
    /^readTable: .*no such file/,
  );
  const damaged = gzipSync(csv).subarray(0, 20);
  await expect(readTable(file('cut.csv.gz', damaged))).rejects.toThrow(/^readTable: .*cut off/);
});
