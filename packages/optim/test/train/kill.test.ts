import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { afterAll, expect, test } from 'vitest';

const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
const loader = new URL('../../../../tools/ts.mjs', import.meta.url).href;
const directory = mkdtempSync(join(tmpdir(), 'steepest-kill-'));
afterAll(() => rmSync(directory, { recursive: true }));

/**
 * Runs the child; kills it so many milliseconds after its third report, which it makes every ten
 * steps. Says whether it was done.
 */
function run(name: string, killAfter?: number): Promise<boolean> {
  const [file, answer] = [join(directory, `${name}.checkpoint`), join(directory, `${name}.json`)];
  return new Promise((resolve, reject) => {
    const spawned = spawn(process.execPath, ['--import', loader, child, file, answer]);
    let errors = '';
    let reports = 0;
    spawned.stderr.on('data', (text) => {
      errors += text;
    });
    spawned.stdout.on('data', (text) => {
      reports += String(text).split('\n').length - 1;
      if (killAfter === undefined || reports < 3) return;
      setTimeout(() => spawned.kill('SIGKILL'), killAfter);
    });
    spawned.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(existsSync(answer));
      else reject(new Error(errors));
    });
  });
}

test('a run killed at random moments and resumed ends with the same bytes as one left alone', async () => {
  const random = xoroshiro128plus(11);
  const alone = run('alone');
  let kills = 0;
  while (!(await run('killed', 20 + ((random.next() >>> 0) % 120)))) kills++;
  await alone;
  const [a, b] = ['alone', 'killed'].map((name) =>
    readFileSync(join(directory, `${name}.json`), 'utf8'),
  );
  expect(kills).toBeGreaterThan(1);
  expect(b).toBe(a);
}, 60_000);
