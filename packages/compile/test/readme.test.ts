import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { entries } from '../src/kernels/index.ts';
import type { PlanNode } from '../src/plan/node.ts';
import { hasCode } from '../src/program/operations.ts';

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

test('the operations to which the README gives code have it', () => {
  const row = (title: string) => readme.split('\n').find((line) => line.startsWith(`| ${title}`));
  const named = (title: string) =>
    [...(row(title) ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name);
  // What the plan writes with other operations, and what needs a constant exponent.
  const written = ['broadcastTo', 'sum', 'mean', 'max', 'min', 'logSumExp', 'norm', 'pow'];
  const inLoops = named('code in a fused loop').filter((name) => !written.includes(name));
  expect(inLoops.length).toBeGreaterThan(30);
  expect(inLoops.filter((name) => entries[name] === undefined)).toEqual([]);
  const own = named('a kernel or code');
  expect(own.filter((name) => !hasCode({ name } as PlanNode))).toEqual([]);
});
