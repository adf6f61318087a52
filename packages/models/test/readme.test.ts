import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
const folder = mkdtempSync(join(tmpdir(), 'models-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example with its packages' sources, and its files in a folder of their own. */
function runnable(code: string): string {
  const source = (name: string, file: string): string =>
    JSON.stringify(fileURLToPath(new URL(`../../${name}/src/${file}.ts`, import.meta.url)));
  return code
    .replaceAll(/'@steepest\/(\w+)\/node'/g, (_, name) => source(name, 'node'))
    .replaceAll(/'@steepest\/(\w+)'/g, (_, name) => source(name, 'index'))
    .replaceAll(/'(\w+\.json)'/g, (_, file) => JSON.stringify(join(folder, file)));
}

test.each(examples.map((code, i) => [i + 1, code] as const))(
  'example %i of the README prints what it says',
  async (i, code) => {
    const path = join(folder, `example-${i}.ts`);
    writeFileSync(path, runnable(code));
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((...parts) => {
      printed.push(format(...parts));
    });
    try {
      await import(/* @vite-ignore */ path);
    } finally {
      log.mockRestore();
    }
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    expect(promised.length).toBeGreaterThan(0);
    expect(printed).toEqual(promised);
  },
);
