import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkReadme } from '../../../test/readme/check.ts';
import { entries } from '../src/kernels/index.ts';
import type { PlanNode } from '../src/plan/node.ts';
import { hasCode } from '../src/program/operations.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');

checkReadme(new URL('../', import.meta.url));

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
