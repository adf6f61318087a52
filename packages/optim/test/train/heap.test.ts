import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the heap stays flat over 100 000 training steps', () => {
  const child = fileURLToPath(new URL('./heap-child.ts', import.meta.url));
  const loader = new URL('../../../../tools/ts.mjs', import.meta.url).href;
  const output = execFileSync(process.execPath, ['--expose-gc', '--import', loader, child]);
  const [growth, steps] = String(output).split(' ').map(Number);
  expect(steps).toBe(100_000);
  expect(growth).toBeLessThan(500_000);
}, 30_000);
