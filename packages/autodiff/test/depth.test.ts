import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { add, derivative, grad, hvp, jvp, mul, sin, type Value, vjp } from '../src/index.ts';
import { entries } from './matrices.ts';

function chain(step: (x: Value) => Value, length: number): (x: Value) => Value {
  return (x) => {
    let y = x;
    for (let i = 0; i < length; i++) y = step(y);
    return y;
  };
}

describe('deep and wide computations', () => {
  const long = chain((x) => sin(x), 100_000);

  it('100 000 chained operations are fine in reverse and forward mode', { timeout: 20_000 }, () => {
    const reverse = grad(long)(1);
    const forward = derivative(long)(1);
    expect(reverse).toBeGreaterThan(0);
    expect(Math.abs(reverse - forward) / forward).toBeLessThan(1e-10);
  });

  it('a chain of 10 000 has second derivatives', () => {
    const chained = chain((x) => mul(0.9999, sin(x)), 10_000);
    expect(Number.isFinite(hvp(chained)(1, 1))).toBe(true);
  });

  it('a value that is doubled 30 times is one chain, not 2³⁰ paths', () => {
    const doubled = chain((x) => add(x, x), 30);
    // Walking every path would not end within the time that a test has.
    expect(grad(doubled)(1)).toBe(2 ** 30);
    expect(entries(jvp(doubled)(1, 1).tangent)).toEqual([2 ** 30]);
    expect(entries(vjp(doubled)(1).pullback(1) as never)).toEqual([2 ** 30]);
  });

  it('100 000 gradient steps leave no memory behind', { timeout: 60_000 }, () => {
    const tools = new URL('../../../tools/ts.mjs', import.meta.url).href;
    const script = fileURLToPath(new URL('./heap-growth.ts', import.meta.url));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--expose-gc', '--import', tools, script],
      { encoding: 'utf8' },
    );
    const { before, after } = JSON.parse(stdout || `"${stderr}"`) as {
      before: number;
      after: number;
    };
    expect(after - before).toBeLessThan(2e6);
  });
});
