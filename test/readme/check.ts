import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { type Example, examplesOf, kept } from './examples.ts';

const root = new URL('../../', import.meta.url);
// Where every package can be imported by its name. test:packed checks
// their types, against the packages as installed.
const blocks = fileURLToPath(new URL('examples/test/readme-blocks/', root));

interface Outcome {
  readonly printed: readonly string[];
  readonly error?: string;
}

/**
 * Tests that the examples of a folder's README run, each as a program of its own, and print what
 * they say. `folder` ends with a slash.
 */
export function checkReadme(folder: URL): void {
  const name = folder.href === root.href ? 'root' : basename(folder.pathname);
  const examples = examplesOf(readFileSync(new URL('README.md', folder), 'utf8'), name);
  let outcomes: Outcome[] = [];
  beforeAll(() => {
    outcomes = run(examples, name);
  });
  test.each(examples.map((example, i) => [example.name, example, i] as const))(
    "the README's example %s prints what it says",
    (_, example, i) => {
      expect(outcomes[i].error).toBeUndefined();
      expect(kept(example, outcomes[i].printed), outcomes[i].printed.join('\n')).toEqual(
        example.promised,
      );
    },
  );
}

/** Runs the examples in one process, in an empty folder. */
function run(examples: readonly Example[], name: string): Outcome[] {
  mkdirSync(blocks, { recursive: true });
  const ours = new RegExp(`^${name}-\\d+\\.ts$`);
  for (const file of readdirSync(blocks)) if (ours.test(file)) rmSync(join(blocks, file));
  const files = examples.map(({ name, code }) => {
    const file = join(blocks, `${name}.ts`);
    writeFileSync(file, `${code}export {};\n`);
    return file;
  });
  const cwd = mkdtempSync(join(tmpdir(), 'readme-'));
  const [loader, runner] = [
    new URL('tools/ts.mjs', root).href,
    new URL('run.mjs', import.meta.url),
  ];
  const args = ['--import', loader, fileURLToPath(runner), ...files];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  rmSync(cwd, { recursive: true });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome);
}
