import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// Every ```ts block of the workspace's README is run as a program of its own. Where a console.log is followed
// by a comment, on its line or on the next ones, the comment must be what it prints; " | " stands
// between the rounds of a loop.

const root = new URL('../../', import.meta.url);
const folder = new URL('./readme-blocks/', import.meta.url);

const readme = readFileSync(new URL('README.md', root), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code], i) => {
  return { name: `block-${i + 1}`, code };
});

/** The comments that follow calls of console.log. */
function announced(code: string): string[] {
  const lines = code.split('\n');
  return lines.flatMap((line, i) => {
    const call = /^\s*(?:if \(.*\) )?console\.log\(.*\);(?: \/\/ (.*))?$/.exec(line);
    if (call === null) return [];
    const text = call[1] === undefined ? [] : [call[1]];
    for (let next = i + 1; /^\s*\/\/ /.test(lines[next] ?? ''); next++) {
      text.push(lines[next].replace(/^\s*\/\/ /, ''));
    }
    return text.length > 0 ? text.join('\n').split(' | ') : [];
  });
}

beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => {
  const now = new Set(blocks.map(({ name }) => `${name}.ts`));
  for (const file of readdirSync(folder)) {
    if (!now.has(file)) rmSync(new URL(file, folder));
  }
});

test.each(blocks)('the README block $name runs and prints what it says', async ({ name, code }) => {
  const file = new URL(`${name}.ts`, folder);
  writeFileSync(file, `${code}export {};\n`);
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => {
    printed.push(format(...parts));
  });
  try {
    await import(/* @vite-ignore */ file.href);
  } finally {
    log.mockRestore();
  }
  const expected = announced(code);
  const said = printed.map((text) => text.trimEnd());
  expect(said.filter((text) => expected.includes(text))).toEqual(expected);
});
