import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { catalog, mainJob } from '../src/catalog.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What `npm start -- …` does, once the workspace is set up. */
function start(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', './tools/ts.mjs', 'examples/src/main.ts', ...args],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  return { status, stdout, stderr };
}

describe('every example runs, and what it claims of itself holds', () => {
  test.each(Object.keys(catalog))('%s', (name) => {
    const { status, stdout, stderr } = start(name);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('✓');
    expect(stdout).not.toContain('✗');
    expect(stdout).not.toMatch(/NaN|undefined|\[object/);
  });
});

test('without a name, the linear and the logistic example run', () => {
  const { status, stdout } = start();
  expect(status).toBe(0);
  expect(mainJob).toHaveLength(2);
  expect(stdout).toContain('Linear regression: diabetes progression');
  expect(stdout).toContain('Logistic regression: benign (1) or malignant (0)');
});

test('the same seed gives the same report, whatever the clock says', () => {
  const [first, second] = [1, 2].map(
    () =>
      start('logistic-regression', '--optimizer', 'adam', '--batch', '32', '--epochs', '5').stdout,
  );
  const untimed = (text: string) => text.replaceAll(/[\d.]+ s$/gm, '');
  expect(untimed(first)).toBe(untimed(second));
  const other = start(
    'logistic-regression',
    '--batch',
    '32',
    '--epochs',
    '5',
    '--seed',
    '2',
  ).stdout;
  expect(untimed(other)).not.toBe(untimed(first));
});

test('--plain trains without compiling, to the same test metrics', () => {
  const metrics = (text: string) => /on the test rows[\s\S]*?\n\n/.exec(text)?.[0];
  const compiled = start('logistic-regression').stdout;
  const plain = start('logistic-regression', '--plain').stdout;
  expect(metrics(compiled)).toContain('accuracy');
  expect(metrics(plain)).toBe(metrics(compiled));
});

test('a rate that is far too large is reported as what it is', () => {
  const { status, stdout } = start('logistic-regression', '--optimizer', 'gd', '--rate', '1e200');
  expect(status).toBe(0);
  expect(stdout).toContain('not converged: nonFinite');
});

test('minibatches: the curve is of losses, which can be below the lowest objective', () => {
  const { stdout } = start('logistic-regression', '--batch', '32', '--epochs', '20');
  expect(stdout).toContain('log₁₀ of the training loss');
  expect(stdout).not.toContain('-16.0');
  expect(stdout).not.toMatch(/1e-?\d+\.\d/); // an axis of exponents that looks like numbers
  const whole = start('logistic-regression', '--batch', '100000', '--epochs', '3').stdout;
  expect(whole).toContain('nesterov, all rows per step');
});

test('--list names every example, --help explains every option', () => {
  const list = start('--list').stdout;
  for (const name of Object.keys(catalog)) expect(list).toContain(name);
  const help = start('--help').stdout;
  for (const option of [
    '--optimizer',
    '--rate',
    '--epochs',
    '--batch',
    '--seed',
    '--plain',
    '--list',
  ]) {
    expect(help).toContain(option);
  }
});

test.each([
  [['nonsense'], 'there is no example "nonsense"; one of: linear-regression'],
  [['rosenbrock', '--rate', '0.1'], 'rosenbrock takes no --rate'],
  [['--optimizer', 'magic'], '--optimizer must be one of gd, momentum'],
  [['--rate', '-1'], '--rate must be a positive number, not "-1"'],
  [['--rate=-1'], '--rate must be a positive number, not "-1"'],
  [['--epochs', '2.5'], '--epochs must be a whole number from 1, not "2.5"'],
  [['--what'], "Unknown option '--what'"],
])('%j is refused with what to do, and no stack trace', (args, message) => {
  const { status, stdout, stderr } = start(...args);
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
  expect(stderr).not.toContain(' at ');
});
