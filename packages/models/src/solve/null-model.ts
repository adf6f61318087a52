import { FlatMatrix } from '@steepest/autodiff';
import type { Family } from '../families/family.ts';
import type { Problem } from '../families/problem.ts';
import { rowDerivatives } from '../families/rows.ts';
import type { Outcome } from './blocks.ts';

/** The best model without any column. */
export interface NullModel {
  /** The intercepts: K of them. */
  readonly intercepts: Float64Array;
  /** What the best scores of each row would leave: the mean of the family's least losses. */
  readonly least: number;
  /** The mean of y². */
  readonly meanSquare: number;
  /** The mean of its losses, where that is known without a pass over the columns. */
  readonly value?: number | undefined;
}

/** The best model without any column for what happened in each row. */
export function nullModel({ family, outputs, intercept }: Problem, rows: Outcome): NullModel {
  const intercepts = nullIntercepts(family, outputs, rows);
  return {
    intercepts,
    least: leastRisk(family, rows),
    meanSquare: meanSquare(rows),
    value: lossOf(family, intercept ? intercepts : intercepts.map(() => 0), rows),
  };
}

/** Targets that differ, beyond which a pass over the columns costs no more than telling them apart. */
const mostTargets = 16;

/** The mean loss of scores that are the same for each row: one for each target that occurs. */
function lossOf(family: Family, scores: Float64Array, rows: Outcome): number | undefined {
  if (rows.offset !== undefined) return undefined;
  const { data: y } = rows.y;
  const weights = rows.weights?.data;
  const targets: number[] = [];
  const total = new Float64Array(mostTargets);
  for (let i = 0; i < y.length; i++) {
    let k = 0;
    while (k < targets.length && targets[k] !== y[i]) k++;
    if (k === mostTargets) return undefined;
    if (k === targets.length) targets.push(y[i]);
    total[k] += weights === undefined ? 1 : weights[i];
  }
  let sum = 0;
  targets.forEach((target, k) => {
    const t = new FlatMatrix(1, scores.length, scores);
    sum += total[k] * (family.loss(t, new FlatMatrix(1, 1, [target])) as FlatMatrix).data[0];
  });
  return sum / y.length;
}

function nullIntercepts(family: Family, outputs: number, rows: Outcome): Float64Array {
  const summary = rows.offset === undefined && (family.perClass || family.canonical);
  if (!summary) {
    return family.perClass ? new Float64Array(outputs) : Float64Array.of(best(family, rows));
  }
  if (!family.perClass) return Float64Array.of(best(family, meanRow(rows)));
  return classWeights(rows, outputs).map((weight) => Math.log(Math.max(weight, 0.5)));
}

/** Newton's method in one number, with halved steps. */
function best(family: Family, { y, weights, offset }: Outcome): number {
  const derivatives = rowDerivatives(family);
  const at = (b: number) => {
    const sums = { value: 0, slope: 0, curvature: 0 };
    const t = new FlatMatrix(
      y.rows,
      1,
      Float64Array.from(y.data, (_, i) => b + (offset?.data[i] ?? 0)),
    );
    const one = new FlatMatrix(1, 1, [1]);
    const value = derivatives.losses(t, y).data;
    const slope = derivatives.slopes(t, y).data;
    const curvature = derivatives.curvaturesAlong(t, y, one).data;
    for (let i = 0; i < y.rows; i++) {
      const weight = weights?.data[i] ?? 1;
      sums.value += weight * value[i];
      sums.slope += weight * slope[i];
      sums.curvature += weight * curvature[i];
    }
    return sums;
  };
  let b = 0;
  let here = at(b);
  for (let round = 0; round < 60; round++) {
    const step = -here.slope / here.curvature;
    if (!Number.isFinite(step) || Math.abs(step) <= 1e-12 * (1 + Math.abs(b))) break;
    let rate = 1;
    let next = at(b + step);
    while (!(next.value <= here.value) && rate > 1e-9) {
      rate /= 2;
      next = at(b + rate * step);
    }
    if (!(next.value < here.value)) break;
    b += rate * step;
    here = next;
  }
  return b;
}

/** The losses of canonical families are linear in y but for a constant: one row speaks for all. */
function meanRow({ y, weights }: Outcome): Outcome {
  let [total, sum] = [0, 0];
  for (let i = 0; i < y.rows; i++) {
    const weight = weights?.data[i] ?? 1;
    total += weight;
    sum += weight * y.data[i];
  }
  return { y: new FlatMatrix(1, 1, [sum / total]) };
}

function classWeights({ y, weights }: Outcome, outputs: number): Float64Array {
  const total = new Float64Array(outputs);
  for (let i = 0; i < y.rows; i++) total[y.data[i]] += weights?.data[i] ?? 1;
  return total;
}

function leastRisk(family: Family, { y, weights }: Outcome): number {
  if (family.least === undefined) return 0;
  let sum = 0;
  for (let i = 0; i < y.rows; i++) sum += (weights?.data[i] ?? 1) * family.least(y.data[i]);
  return sum / y.rows;
}

function meanSquare({ y }: Outcome): number {
  let sum = 0;
  for (let i = 0; i < y.rows; i++) sum += y.data[i] ** 2;
  return sum / y.rows;
}
