import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compressors } from 'hyparquet-compressors';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, test } from 'vitest';
import {
  boolean,
  category,
  date,
  defineSchema,
  ignored,
  number,
  parseCsv,
  text,
} from '../src/index.ts';
import { readParquet } from '../src/node.ts';
import { loaded } from '../src/reading/loaded.ts';
import { outcome } from './outcome.ts';
import { csvOf, type TypedRows, typedRows } from './typed-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));

const types = {
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  category: 'STRING',
  text: 'STRING',
  date: 'TIMESTAMP',
  ignored: 'STRING',
} as const;

function parquetOf({ schema, names, rows }: TypedRows, rowGroupSize = 5): ArrayBuffer {
  const columnData = names.map((name, i): ColumnSource => {
    const { type } = schema.columns[i];
    return { name, type: types[type], data: rows.map((row) => row[i]) };
  });
  return parquetWriteBuffer({ columnData, rowGroupSize });
}

const refusal = (columns: readonly ColumnSource[], options: object = {}): Promise<unknown> =>
  readParquet(parquetWriteBuffer({ columnData: [...columns] }), {
    file: 'a.parquet',
    ...options,
  }).then(
    () => 'read',
    (error: Error) => error.message,
  );

describe('Parquet', () => {
  test('gives the table that the same rows give as CSV, or refuses the same row and column', async () => {
    await fc.assert(
      fc.asyncProperty(typedRows, fc.integer({ min: 1, max: 6 }), async (made, group) => {
        const { schema } = made;
        const parquet = await outcome(() => readParquet(parquetOf(made, group), { schema }));
        const csv = await outcome(() => parseCsv(csvOf(made), { schema }));
        const { line: _, message: __, raw: ___, ...facts } = csv;
        const { line: ____, message: _____, raw: ______, ...got } = parquet;
        if (csv.reason === undefined) expect(parquet).toEqual(csv);
        else expect(got).toEqual(facts);
      }),
      { numRuns: 100 },
    );
  });

  test('is read from bytes, blobs and files, of which only what is asked for is loaded', async () => {
    const schema = defineSchema({ x: number(), k: category(['a', 'b']) }, { target: 'k' });
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'x', data: [1.5, 2], type: 'DOUBLE' },
        { name: 'k', data: ['a', 'b'], type: 'STRING' },
      ],
    });
    const path = join(folder, 'a.parquet');
    writeFileSync(path, new Uint8Array(bytes));
    const shifted = new Uint8Array([0, 0, 0, ...new Uint8Array(bytes)]).subarray(3);
    for (const source of [bytes, shifted, new Blob([bytes]), path, new URL(`file://${path}`)]) {
      const table = await readParquet(source, { schema });
      expect(table.columns.get('x')).toEqual({ type: 'number', values: Float64Array.of(1.5, 2) });
      expect(table.columns.get('k')).toMatchObject({ codes: Int32Array.of(0, 1) });
    }
    expect((await readParquet(path, { columns: ['x'], limit: 1 })).rows).toBe(1);
    await expect(readParquet(path, { columns: ['xx'] })).rejects.toThrow(
      /no column "xx"; did you mean "x"/,
    );
    await expect(readParquet(join(folder, 'none'))).rejects.toThrow(/no such file/);
    await expect(readParquet(new Blob([bytes]).stream() as never)).rejects.toThrow(
      /read from its end/,
    );
    await expect(readParquet(path, { delimiter: ',' } as never)).rejects.toThrow(/unknown option/);
  });

  test.each([
    [
      'integers beyond 2^53',
      { data: [1n, 9007199254740993n], type: 'INT64' },
      /a\.parquet, row 2, column "x": got the integer 9007199254740993, which a double does not keep/,
    ],
    [
      'infinities',
      { data: [1, Number.POSITIVE_INFINITY], type: 'DOUBLE' },
      /row 2, column "x": got "Infinity", which is not a finite double/,
    ],
    [
      'nulls',
      { data: [1, null], type: 'INT32' },
      /row 2, column "x": got null, which counts as a missing value/,
    ],
    [
      'texts',
      { data: ['1'], type: 'STRING' },
      /row 1, column "x": got the text "1", which is not a number/,
    ],
    [
      'dates',
      { data: [new Date(0)], type: 'TIMESTAMP' },
      /got the date 1970-01-01, .*declare the column date\(\)/,
    ],
    ['bytes', { data: [Uint8Array.of(255)], type: 'BYTE_ARRAY' }, /got bytes, which is no cell/],
  ] as const)(
    'refuses %s in a column of numbers, by row and column',
    async (_, column, message) => {
      expect(await refusal([{ name: 'x', ...column, data: [...column.data] }])).toMatch(message);
    },
  );

  test('refuses lists and structs by name, unless they are not read', async () => {
    const schema = [
      { name: 'root', num_children: 2 },
      { name: 'x', type: 'DOUBLE', repetition_type: 'REQUIRED' },
      { name: 'tags', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'INT32', repetition_type: 'OPTIONAL' },
    ] as const;
    const columnData = [
      { name: 'x', data: [1, 2] },
      { name: 'tags', data: [[1, 2], []] },
    ];
    const bytes = parquetWriteBuffer({ columnData, schema: [...schema] });
    await expect(readParquet(bytes)).rejects.toThrow(
      /column "tags": the column holds lists or structs/,
    );
    expect((await readParquet(bytes, { columns: ['x'] })).rows).toBe(2);
    const { proposal } = await readParquet(bytes, { schema: 'infer' });
    expect(proposal.schema.columns.map(({ type }) => type)).toEqual(['number', 'ignored']);
  });

  test('keeps decimals, small and large integers, and days exact', async () => {
    const schema = [
      { name: 'root', num_children: 4 },
      { name: 'price', type: 'INT32', converted_type: 'DECIMAL', scale: 1, precision: 9 },
      {
        name: 'wide',
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 16,
        converted_type: 'DECIMAL',
        scale: 3,
        precision: 38,
      },
      { name: 'id', type: 'INT64' },
      { name: 'day', type: 'INT32', converted_type: 'DATE' },
    ] as const;
    const columnData = [
      { name: 'price', data: [0.3, -0.7] },
      { name: 'wide', data: [1.001, -2.5] },
      { name: 'id', data: [9007199254740993n, -1n] },
      { name: 'day', data: [new Date('2024-02-29'), new Date('1969-12-31')] },
    ];
    const bytes = parquetWriteBuffer({ columnData, schema: [...schema] });
    const declared = defineSchema({ price: number(), wide: number(), id: text(), day: date() });
    const table = await readParquet(bytes, { schema: declared });
    expect(table.columns.get('price')).toMatchObject({ values: Float64Array.of(0.3, -0.7) }); // 3 · 10⁻¹ is 0.30000000000000004
    expect(table.columns.get('wide')).toMatchObject({ values: Float64Array.of(1.001, -2.5) });
    expect(table.columns.get('id')).toMatchObject({ values: ['9007199254740993', '-1'] });
    expect(table.columns.get('day')).toMatchObject({
      values: Float64Array.of(Date.UTC(2024, 1, 29), -86_400_000),
    });
  });

  test('refuses times that are finer than milliseconds, also before 1970', async () => {
    const micros = (time: bigint) => {
      const schema = [
        { name: 'root', num_children: 1 },
        { name: 't', type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
      ] as const;
      const columnData = [{ name: 't', data: [time] }];
      return parquetWriteBuffer({ columnData, schema: [...schema] });
    };
    const schema = defineSchema({ t: date() });
    const times = async (time: bigint) =>
      (await readParquet(micros(time), { schema })).columns.get('t');
    expect(await times(-1000n)).toMatchObject({ values: Float64Array.of(-1) });
    await expect(times(-1n)).rejects.toThrow(
      /row 1, column "t": got "1969-12-31T23:59:59\.999999Z"/,
    );
    const kept = await readParquet(micros(1n), { schema: defineSchema({ t: text() }) });
    expect(kept.columns.get('t')).toMatchObject({ values: ['1970-01-01T00:00:00.000001Z'] });
  });

  test('reads what other compressions hold', async () => {
    const columnData: ColumnSource[] = [
      { name: 'x', data: Array.from({ length: 500 }, () => 2.5), type: 'DOUBLE' },
    ];
    const GZIP = (input: Uint8Array) => new Uint8Array(gzipSync(input));
    const bytes = parquetWriteBuffer({ columnData, codec: 'GZIP', compressors: { GZIP } });
    expect(compressors.GZIP).toBeDefined();
    expect((await readParquet(bytes)).columns.get('x')).toMatchObject({ type: 'number' });
  });

  test('that is cut off or damaged is refused as such', async () => {
    const columnData: ColumnSource[] = [{ name: 'x', data: [1, 2], type: 'DOUBLE' }];
    const bytes = parquetWriteBuffer({ columnData });
    for (const part of [
      bytes.slice(0, -9),
      bytes.slice(0, 3),
      new ArrayBuffer(0),
      bytes.slice(8),
    ]) {
      await expect(readParquet(part, { file: 'a.parquet' })).rejects.toMatchObject({
        reason: 'damaged-file',
        message: expect.stringMatching(/^readParquet: a\.parquet: the file is no Parquet/),
      });
    }
  });

  test('says what to install where the decoder is not there', async () => {
    const load = () => Promise.reject(new Error("Cannot find package 'hyparquet'"));
    await expect(loaded('readParquet', 'hyparquet', load)).rejects.toThrow(
      'readParquet: needs hyparquet, which cannot be loaded; npm install hyparquet',
    );
  });

  test('is inferred by its types', async () => {
    const columnData: ColumnSource[] = [
      { name: 'x', data: [1, null, 2], type: 'DOUBLE' },
      { name: 'id', data: [1n, 2n, 9007199254740993n], type: 'INT64' },
      { name: 'k', data: ['a', 'b', 'a'], type: 'STRING' },
      { name: 'on', data: [true, false, true], type: 'BOOLEAN' },
      { name: 't', data: [new Date(0), new Date(1), null], type: 'TIMESTAMP' },
      { name: 'code', data: ['1', '2', '3'], type: 'STRING' },
    ];
    const { proposal, schema } = await readParquet(parquetWriteBuffer({ columnData }), {
      schema: 'infer',
    });
    expect(schema.columns.map(({ type }) => type)).toEqual([
      'number',
      'text',
      'category',
      'boolean',
      'date',
      'text',
    ]);
    expect(proposal.explanation).toContain('"9007199254740993" on row 3');
    const same = defineSchema(
      { x: number({ missing: { policy: 'keep' } }), on: boolean(), id: ignored() },
      { others: 'ignore' },
    );
    expect((await readParquet(parquetWriteBuffer({ columnData }), { schema: same })).names).toEqual(
      ['x', 'on'],
    );
  });
});
