import type { AbstractMatrix } from 'ml-matrix';
import { expect } from 'vitest';
import { FlatMatrix, mul, type Operand, sum, toFlatMatrix, type Value } from '../src/index.ts';

/** Rows of entries as a matrix. */
export function matrix(rows: readonly (readonly number[])[]): FlatMatrix {
  return new FlatMatrix(rows.length, rows[0]?.length ?? 0, rows.flat());
}

/** A column of entries. */
export function column(...entries: number[]): FlatMatrix {
  return new FlatMatrix(entries.length, 1, entries);
}

/** Repeatable numbers in [−1, 1): a linear congruential generator (Numerical Recipes, 1992). */
export function randomLike({ rows, columns }: Value, seed: number): FlatMatrix {
  let state = (seed * 2654435761) >>> 0;
  const result = new FlatMatrix(rows, columns);
  for (let k = 0; k < result.data.length; k++) {
    for (let i = 0; i < 3; i++) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    result.data[k] = state / 2 ** 31 - 1;
  }
  return result;
}

/** Σ of the products of entries. */
export function inner(a: Operand, b: Operand): Value {
  return sum(mul(a, b));
}

export function entries(x: Operand | AbstractMatrix): number[] {
  return Array.from(toFlatMatrix(x).data);
}

/** Equal up to `tolerance`, relative to the largest entry (or 1). */
export function closeTo(
  found: Operand | AbstractMatrix,
  expected: Operand | AbstractMatrix,
  tolerance: number,
): void {
  const [a, b] = [toFlatMatrix(found), toFlatMatrix(expected)];
  expect([a.rows, a.columns]).toEqual([b.rows, b.columns]);
  let scale = 1;
  for (const x of b.data) if (Number.isFinite(x)) scale = Math.max(scale, Math.abs(x));
  a.data.forEach((x, k) => {
    const y = b.data[k];
    if (Object.is(x, y) || x === y) return;
    expect(Math.abs(x - y) / scale, `entry ${k}: ${x} beside ${y}`).toBeLessThanOrEqual(tolerance);
  });
}
