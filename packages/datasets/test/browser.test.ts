import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Every module that a source file reaches by import, with what it imports from outside. */
function reach(entry: URL, seen: Map<string, string[]> = new Map()): Map<string, string[]> {
  if (seen.has(entry.href)) return seen;
  const outside: string[] = [];
  seen.set(entry.href, outside);
  for (const [, found] of readFileSync(entry, 'utf8').matchAll(/from '([^']+)';/g)) {
    if (found.startsWith('.')) reach(new URL(found, entry), seen);
    else outside.push(found);
  }
  return seen;
}

test('the main entry runs in browsers: nothing it reaches imports node:', () => {
  const modules = reach(new URL('../src/index.ts', import.meta.url));
  expect(modules.size).toBeGreaterThan(30);
  expect([...new Set([...modules.values()].flat())].sort()).toEqual([
    '#csv-parse',
    '@steepest/ground',
    '@steepest/wasm',
    'ndarray',
    'pure-rand/distribution/uniformFloat64',
    'pure-rand/generator/xoroshiro128plus',
    'pure-rand/types/RandomGenerator',
  ]);
});

test('nothing draws from Math.random or prints', () => {
  for (const href of reach(new URL('../src/node.ts', import.meta.url)).keys()) {
    const code = readFileSync(new URL(href), 'utf8').replace(/^ *(\*|\/\/).*$/gm, '');
    expect(code).not.toMatch(/Math\.random|console\./);
  }
});

test('csv-parse for browsers splits records as the one for Node does', async () => {
  const browser = await import('csv-parse/browser/esm/sync');
  const node = await import('csv-parse/sync');
  const options = { record_delimiter: ['\r\n', '\n'], relax_column_count: true };
  const bytes = new TextEncoder().encode('a,"é😀 ""q""\r\nx"\r\n1,\n\n ,2,3');
  expect(browser.parse(bytes, options)).toEqual(node.parse(bytes, options));
  const broken = new TextEncoder().encode('a\n1,"2"3\n');
  const codes = [browser, node].map(({ parse }) => {
    try {
      return parse(broken, options);
    } catch (error) {
      return (error as { code: string; records: number }).code;
    }
  });
  expect(codes).toEqual(['CSV_INVALID_CLOSING_QUOTE', 'CSV_INVALID_CLOSING_QUOTE']);
});
