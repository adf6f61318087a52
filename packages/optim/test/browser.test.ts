import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = (directory: string): string[] =>
  readdirSync(new URL(directory, import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${directory}${name}`);

/** The files that a file imports, itself included. */
function reachable(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  for (const [, path] of text.matchAll(/from '(\.[^']+)'/g)) {
    const url = new URL(path, new URL(file, 'file:///test/'));
    reachable(`..${url.pathname}`, seen);
  }
  return seen;
}

test('the main entry imports nothing of node, so browsers can load it', () => {
  const files = [...reachable('../src/index.ts')];
  expect(files.length).toBeGreaterThan(40);
  for (const file of files) {
    expect(readFileSync(new URL(file, import.meta.url), 'utf8'), file).not.toMatch(/'node:/);
  }
});

test('no source draws random numbers that no seed decides', () => {
  for (const file of sources('../src/')) {
    expect(readFileSync(new URL(file, import.meta.url), 'utf8'), file).not.toContain('Math.random');
  }
});
