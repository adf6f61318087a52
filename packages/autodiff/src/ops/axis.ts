import { anything, type Spec, settle, show } from '@steepest/ground';
import { ShapeError } from '../values/shape.ts';

/** Along which dimension a reduction runs: 0 down the rows, 1 across the columns, none: both. */
export interface Axis {
  readonly axis?: 0 | 1;
}

/** The axis as a primitive knows it. */
export type Along = 0 | 1 | undefined;

const spec = { axis: anything() } satisfies Spec<Axis>;

/** The options that ask for an axis. */
export function options(axis: Along): Axis {
  return axis === undefined ? {} : { axis };
}

/** The axis that a caller, who may not have heard of the types, asks for. */
export function axisOf(operation: string, given: Axis | undefined): Along {
  if (given === undefined) return undefined;
  if (!hasAxisOnly(given)) {
    return settle(operation, given, spec, { example: `${operation}(x, { axis: 0 })` }).axis;
  }
  const { axis } = given;
  if (axis === undefined || axis === 0 || axis === 1) return axis;
  throw new ShapeError(
    `${operation}: the axis must be 0 (down the rows) or 1 (across the columns), got ${show(axis)}`,
  );
}

// Quicker than `settle`: reductions are called in every step.
function hasAxisOnly(x: unknown): boolean {
  if (typeof x !== 'object' || x === null) return false;
  for (const key in x) if (key !== 'axis') return false;
  return true;
}
