import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type BundledName,
  bundled,
  CsvError,
  inferSchema,
  readCsv,
  readCsvFile,
  rowAt,
} from '../src/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasets-'));
const path = join(folder, 'small, file.csv');
writeFileSync(path, 'a,b\n1,2\n3,4\n');

describe('readCsv in Node', () => {
  test('takes paths, URLs and text', async () => {
    const rows = async (source: string | URL): Promise<number> => (await readCsv(source)).rows;
    expect(await rows(path)).toBe(2);
    expect(await rows(pathToFileURL(path))).toBe(2);
    expect(await rows('a,b\n1,2\n')).toBe(1);
    expect((await readCsvFile(path)).file).toBe(path);
  });

  test('names the file in an error', async () => {
    const bad = join(folder, 'bad.csv');
    writeFileSync(bad, 'a\n1\nx\n');
    const error = await readCsv(bad).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CsvError);
    expect(error).toMatchObject({ file: bad, line: 3, column: 'a', raw: 'x' });
  });

  test('reports a file that is not there as Node does', async () => {
    await expect(readCsv(join(folder, 'none.csv'))).rejects.toThrow(/ENOENT/);
  });

  test('says what to do with a URL that is no file', async () => {
    const url = new URL('https://example.com/a.csv');
    await expect(readCsv(url)).rejects.toThrow(/URL of https:.*pass the body of the response/);
    await expect(inferSchema(url)).rejects.toThrow(/inferSchema: got a URL/);
  });

  test('infers from a path', async () => {
    expect((await inferSchema(path)).source).toContain('a: number()');
  });
});

describe('bundled', () => {
  const sizes: Record<BundledName, [rows: number, columns: number]> = {
    iris: [150, 5],
    breast_cancer: [569, 31],
    diabetes: [442, 11],
    digits: [1797, 65],
    stackloss: [21, 4],
  };

  test.each(Object.entries(sizes))(
    '%s has its rows, its columns, and a typed target',
    async (name, [rows, columns]) => {
      const { schema, read } = bundled(name as BundledName);
      const table = await read();
      expect([table.rows, table.names.length, table.warnings]).toEqual([rows, columns, []]);
      expect(table.names.at(-1)).toBe(schema.target);
    },
  );

  test('rows have the types of the schema', async () => {
    const row = rowAt(await bundled('iris').read(), 0);
    expectTypeOf(row.species).toEqualTypeOf<'setosa' | 'versicolor' | 'virginica'>();
    expectTypeOf(row.petal_width).toEqualTypeOf<number>();
    expect(row.species).toBe('setosa');
    // @ts-expect-error there is no such file
    expect(() => bundled('titanic')).toThrow(/the files are iris/);
  });

  test('every file is documented with its source and licence', () => {
    const sources = readFileSync(new URL('../data/SOURCES.md', import.meta.url), 'utf8');
    for (const file of readdirSync(new URL('../data/', import.meta.url))) {
      if (file.endsWith('.csv')) expect(sources).toContain(file);
    }
  });
});
