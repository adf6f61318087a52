import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const loader = new URL('../../../tools/ts.mjs', import.meta.url).href;
const directory = mkdtempSync(join(tmpdir(), 'steepest-readme-'));
afterAll(() => rmSync(directory, { recursive: true }));

for (const [name, expected] of [
  ['minimize', '1.000000 1.000000'],
  ['train', '2.000 1.000'],
  ['resume', '50 epochLimit'],
] as const) {
  test(`the example about ${name} stands in the README as it runs`, () => {
    const url = new URL(`./readme/${name}.ts`, import.meta.url);
    expect(readme).toContain(readFileSync(url, 'utf8').trim());
    const args = ['--import', loader, fileURLToPath(url)];
    const output = execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
    expect(output.trim().split('\n').at(-1)).toBe(expected);
  });
}
