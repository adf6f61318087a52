import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
const index = new URL('../src/index.ts', import.meta.url).href;
const tools = new URL('../../../tools/ts.mjs', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'readme-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('the examples of the README', () => {
  it('are four', () => expect(examples).toHaveLength(4));

  examples.forEach((code, i) => {
    it(`print what they say: ${i + 1}`, { timeout: 30_000 }, () => {
      const expected = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(
        ([, text]) => text,
      );
      expect(expected.length).toBeGreaterThan(0);
      const file = join(folder, `example-${i}.ts`);
      writeFileSync(file, code.replaceAll("'@steepest/autodiff'", JSON.stringify(index)));
      const { stdout, stderr } = spawnSync(process.execPath, ['--import', tools, file], {
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(stdout.trim().split('\n')).toEqual(expected);
    });
  });
});
