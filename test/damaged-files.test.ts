import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inferSchema, readCsv, readCsvFile } from '../packages/datasets/src/node.ts';
import { loadModel } from '../packages/models/src/node.ts';
import { fileCheckpoint } from '../packages/optim/src/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'damaged-'));
const contents: Readonly<Record<string, string | Uint8Array>> = {
  'empty.txt': '',
  'cut.json': '{"format": "steepest',
  'null.json': 'null',
  'list.json': '[1, 2]',
  'other.json': '{"format": "something else", "version": 7}',
  'packed.gz': Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0),
  'noise.bin': Uint8Array.from({ length: 300 }, (_, i) => (i * 71 + 128) % 256),
};
for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
mkdirSync(join(folder, 'folder'));
const names = [...Object.keys(contents), 'folder', 'not-there.txt'];

const readers: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  readCsv: (path) => readCsv(path),
  readCsvFile: (path) => readCsvFile(path),
  inferSchema: (path) => inferSchema(path),
  loadModel: (path) => loadModel(path),
};

it.each(Object.keys(readers))('%s names the file that it cannot read', async (reader) => {
  for (const name of names) {
    if (reader === 'inferSchema' && /json|txt/.test(name) && name !== 'not-there.txt') continue; // may be CSV
    const path = join(folder, name);
    const error: unknown = await readers[reader](path).catch((e: unknown) => e);
    expect(error, `${reader} of ${name}`).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(name);
    expect((error as Error).message).toMatch(/^(readCsv|inferSchema|loadModel): /);
  }
});

it('a checkpoint that cannot be read names its file; one that is not there is none', async () => {
  for (const name of names.filter((each) => each !== 'not-there.txt')) {
    const load = fileCheckpoint(join(folder, name)).load();
    await expect(load, name).rejects.toThrow(name);
  }
  expect(await fileCheckpoint(join(folder, 'not-there.txt')).load()).toBeUndefined();
});
