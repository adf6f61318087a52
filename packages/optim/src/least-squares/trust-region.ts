import { dotOf, lengthOf } from '../linear-algebra/columns.ts';
import {
  applyQ,
  type ColumnMajor,
  type PivotedQr,
  pivotedQr,
} from '../linear-algebra/pivoted-qr.ts';
import { dampedStep, scaledLength } from './damped-step.ts';

/** The residuals r at a point and their derivatives J, one column for each parameter. */
export interface Linearized {
  readonly residuals: Float64Array;
  readonly jacobian: ColumnMajor;
}

/** What is known of the way so far: plain data. */
export interface RegionState {
  /** How far a step may go, in ‖D p‖; 0 before the first step. */
  readonly radius: number;
  /** λ of the last step. */
  readonly damping: number;
  /** D: the longest that each column of J has been (Moré's scaling, which makes units irrelevant). */
  readonly scale: Float64Array;
}

/** J P = Q R with c = Qᵀr at a point, and D there. */
export interface Factored {
  readonly qr: PivotedQr;
  readonly c: Float64Array;
  readonly scale: Float64Array;
  readonly norm: number;
  /** Jᵀr. */
  readonly gradient: Float64Array;
}

export function factored({ residuals, jacobian }: Linearized, state: RegionState): Factored {
  const { data, rows, columns } = jacobian;
  const scale = new Float64Array(columns);
  const gradient = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const column = data.subarray(j * rows, (j + 1) * rows);
    gradient[j] = dotOf(column, residuals);
    const length = lengthOf(column);
    scale[j] = Math.max(state.scale[j], length) || 1;
  }
  const qr = pivotedQr(jacobian, 0);
  const c = residuals.slice();
  applyQ(qr, c);
  return { qr, c, scale, norm: lengthOf(residuals), gradient };
}

/** A step that lowers ‖r‖, and the state after it; undefined where none does. */
export interface Accepted {
  readonly change: Float64Array;
  readonly state: RegionState;
  /** How many points were looked at. */
  readonly trials: number;
}

/**
 * One step of Levenberg and Marquardt: the region shrinks until a step inside it lowers ‖r‖ by a
 * sufficient share of what the linear model promises, and grows where the model is good (Moré, 1978).
 *
 * `at` gives ‖r‖ at the parameters after a change.
 */
export function lowerStep(
  point: Factored,
  state: RegionState,
  params: Float64Array,
  first: number,
  at: (change: Float64Array) => number,
): Accepted | undefined {
  const { qr, c, scale, norm } = point;
  const begin = state.radius === 0;
  let radius = begin ? first * (scaledLength(params, scale) || 1) : state.radius;
  let damping = state.damping;
  for (let trials = 1; trials <= 100; trials++) {
    const tried = dampedStep(qr, c, scale, radius, damping);
    damping = tried.damping;
    if (begin && trials === 1) radius = Math.min(radius, tried.length);
    const after = at(tried.step);
    const promisedFit = (modelChange(qr, tried.step) / norm) ** 2;
    const promisedDamping = (damping * tried.length * tried.length) / (norm * norm);
    const promised = promisedFit + 2 * promisedDamping;
    const lowered = 0.1 * after < norm ? 1 - (after / norm) ** 2 : -1;
    const ratio = promised > 0 ? lowered / promised : 0;
    if (ratio <= 0.25) {
      const slope = -(promisedFit + promisedDamping);
      let shrink = lowered >= 0 ? 0.5 : (0.5 * slope) / (slope + 0.5 * lowered);
      if (!(0.1 * after < norm) || !(shrink > 0.1)) shrink = 0.1;
      radius = shrink * Math.min(radius, tried.length / 0.1);
      damping /= shrink;
    } else if (damping === 0 || ratio >= 0.75) {
      radius = tried.length / 0.5;
      damping *= 0.5;
    }
    if (ratio >= 1e-4) return { change: tried.step, state: { radius, damping, scale }, trials };
    if (!(radius > Number.EPSILON * scaledLength(params, scale))) return undefined;
    if (promised < Number.EPSILON && Math.abs(lowered) < Number.EPSILON) return undefined;
  }
  return undefined;
}

/** ‖J p‖ = ‖R Pᵀ p‖. */
function modelChange(qr: PivotedQr, step: Float64Array): number {
  const { rows, columns, pivots, diagonal, data } = qr;
  const result = new Float64Array(Math.min(rows, columns));
  for (let k = 0; k < columns; k++) {
    const p = step[pivots[k]];
    for (let i = 0; i < Math.min(k, result.length); i++) result[i] += data[k * rows + i] * p;
    if (k < result.length) result[k] += diagonal[k] * p;
  }
  return lengthOf(result);
}
