import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { table } from '../../autodiff/src/table.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');
const loader = new URL('../../../tools/ts.mjs', import.meta.url).href;

test.each([
  ['gradient', '0.0629'],
  ['training', '3.000 -1.000'],
])('the example about %s stands in the README as it runs', (name, expected) => {
  const url = new URL(`./readme/${name}.ts`, import.meta.url);
  expect(readme).toContain(read(`./readme/${name}.ts`).trim());
  const output = execFileSync(process.execPath, ['--import', loader, fileURLToPath(url)], {
    encoding: 'utf8',
  });
  expect(output.trim()).toBe(expected);
});

test('the printout in the README is the tested one', () => {
  const printed = /```text\n([\s\S]*?)\n```/.exec(readme)?.[1] as string;
  const snapshot = read('./explain.test.ts').replaceAll(/^ {4}/gm, '');
  expect(snapshot).toContain(printed);
});

test('the table of kernels names every primitive', () => {
  const missing = table.filter(({ name }) => !readme.includes(`\`${name}\``));
  expect([...new Set(missing.map(({ name }) => name))]).toEqual([]);
});
