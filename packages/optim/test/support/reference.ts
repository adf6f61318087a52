import { readFileSync } from 'node:fs';
import { FlatMatrix } from '@steepest/autodiff';
import { expect } from 'vitest';
import { entriesOf } from '../../src/leaves.ts';

type Rows = readonly (readonly number[])[];
interface RawParams {
  readonly w: Rows;
  readonly b: Rows;
}
export type Params = { w: FlatMatrix; b: FlatMatrix };

export interface OptimizerCases {
  readonly start: RawParams;
  readonly gradients: readonly RawParams[];
  readonly cases: readonly { readonly id: string; readonly after: readonly RawParams[] }[];
  readonly schedules: readonly { readonly id: string; readonly values: readonly number[] }[];
}

export function readCase<T>(name: string): T {
  const url = new URL(`../cases/data/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as T;
}

export const reference: OptimizerCases = readCase<OptimizerCases>('optimizers.json');

export function matrixOf(rows: Rows): FlatMatrix {
  return new FlatMatrix(rows.length, rows[0].length, rows.flat());
}

export function paramsOf({ w, b }: RawParams): Params {
  return { w: matrixOf(w), b: matrixOf(b) };
}

export const start: Params = paramsOf(reference.start);
export const gradients: readonly Params[] = reference.gradients.map(paramsOf);

export function flat(params: Params): number[] {
  return entriesOf({ w: params.w, b: params.b }).flatMap((x) => [...x]);
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
) {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    expect(error / Math.max(Math.abs(expected[i]), 1e-3), `entry ${i}: ${actual[i]}`).toBeLessThan(
      tolerance,
    );
  }
}
