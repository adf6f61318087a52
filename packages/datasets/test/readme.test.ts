import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { expect, test, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
const folder = mkdtempSync(join(tmpdir(), 'readme-'));

/** The example with imports that work from any folder. */
function runnable(code: string): string {
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  return code
    .replaceAll("'@steepest/datasets/node'", JSON.stringify(file('../src/node.ts')))
    .replaceAll("'@steepest/datasets'", JSON.stringify(file('../src/index.ts')))
    .replaceAll(/'(pure-rand\/[^']+)'/g, (_, name) =>
      JSON.stringify(fileURLToPath(import.meta.resolve(name))),
    );
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
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].flatMap(([, text]) =>
      text.split(' | '),
    );
    expect(promised.length).toBeGreaterThan(0);
    expect(printed).toEqual(promised);
  },
);
