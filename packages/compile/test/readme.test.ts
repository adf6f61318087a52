import { readFileSync } from 'node:fs';
import { type OperationRecord, primitivesOf, table } from '@steepest/autodiff';
import { expect, test } from 'vitest';
import { checkReadme } from '../../../test/readme/check.ts';
import { loweringOfRecord } from '../src/lowering/index.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');

checkReadme(new URL('../', import.meta.url));

test('the printout in the README is the tested one', () => {
  const printed = /```text\n([\s\S]*?)\n```/.exec(readme)?.[1] as string;
  const snapshot = read('./explain.test.ts').replaceAll(/^ {4}/gm, '');
  expect(snapshot).toContain(printed);
});

/** Where an operation's entries are computed, by what its lowering says. */
function homeOf(record: OperationRecord): string {
  const { plan, entry, emit } = loweringOfRecord(record) ?? {};
  if (emit !== undefined) return 'a kernel or code';
  if (entry !== undefined || plan !== undefined) return 'code in a fused loop';
  const [primitive] = primitivesOf(record);
  return primitive.entry ? 'the host, entry by entry' : 'the host, on whole matrices';
}

test.each([
  'code in a fused loop',
  'a kernel or code',
  'the host, entry by entry',
  'the host, on whole matrices',
])('the README names the operations of: %s', (title) => {
  const row = readme.split('\n').find((line) => line.startsWith(`| ${title}`)) ?? '';
  const named = [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const found = table.filter((record) => homeOf(record) === title).map(({ name }) => name);
  expect(named.filter((name) => !found.includes(name))).toEqual([]);
  expect(found.filter((name) => !named.includes(name))).toEqual([]);
});
