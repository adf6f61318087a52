import { expect } from 'vitest';
import { FlatMatrix, type Value } from '../src/index.ts';

/** An array of any number of dimensions, row by row; non-finite numbers are spelled out. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

export interface Exceptions {
  /** At a kink: any gradient in this interval (and adding up to `sum`). */
  readonly subgradient?: { accept_lo: Tensor; accept_hi: Tensor; sum?: number } | undefined;
  readonly acceptNaN?: readonly number[] | undefined;
  readonly ball?: number | undefined;
}

/** |got − expected| ≤ atol + rtol · max |expected|; what is not finite must be met exactly. */
export function judge(
  what: string,
  found: Value | number,
  expected: Tensor,
  { rtol, atol }: { rtol: number; atol: number },
  { subgradient, acceptNaN = [], ball }: Exceptions = {},
): void {
  const got = typeof found === 'number' ? [found] : Array.from((found as FlatMatrix).data);
  expect(typeof found === 'number' || found instanceof FlatMatrix, what).toBe(true);
  expect(got.length, `${what}: entries`).toBe(expected.data.length);
  const reference = expected.data.map(Number);
  const largest = Math.max(0, ...reference.filter(Number.isFinite).map(Math.abs));
  const margin = atol + rtol * largest;
  if (ball !== undefined) {
    expect(Math.hypot(...got), `${what}: in the ball`).toBeLessThanOrEqual(ball + margin);
    return;
  }
  if (subgradient !== undefined) {
    got.forEach((g, k) => {
      expect(g, `${what}[${k}]`).toBeGreaterThanOrEqual(
        Number(subgradient.accept_lo.data[k]) - margin,
      );
      expect(g, `${what}[${k}]`).toBeLessThanOrEqual(
        Number(subgradient.accept_hi.data[k]) + margin,
      );
    });
    const { sum } = subgradient;
    if (sum !== undefined) {
      expect(Math.abs(got.reduce((a, b) => a + b, 0) - sum), `${what}: sum`).toBeLessThan(1e-9);
    }
  }
  reference.forEach((value, k) => {
    if (Number.isNaN(got[k]) && acceptNaN.includes(k)) return;
    if (!Number.isFinite(value)) expect(got[k], `${what}[${k}]`).toBe(value);
    else
      expect(Math.abs(got[k] - value), `${what}[${k}]: ${got[k]} for ${value}`).toBeLessThanOrEqual(
        margin,
      );
  });
}
