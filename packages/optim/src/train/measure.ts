import { item, type Tree, toFlatMatrix } from '@steepest/autodiff';
import type { Stepper } from '../stepper.ts';
import { norm } from '../vectors.ts';

/** What a run minimizes and stops by, at one place. */
export interface Measure {
  /** The loss and what the optimizer adds to it (the penalties of its proximal steps). */
  readonly value: number;
  /** The Euclidean norm of the gradient, or of what stands in its place beside a penalty. */
  readonly norm: number;
}

/** The objective at a place, and how far from stationary it is. */
export function measure(
  { penalty, stationarity }: Stepper,
  loss: number,
  gradient: Tree,
  params: Tree,
): Measure {
  const value = penalty === undefined ? loss : loss + item(toFlatMatrix(penalty(params)));
  return { value, norm: norm(stationarity?.(gradient, params) ?? gradient) };
}
