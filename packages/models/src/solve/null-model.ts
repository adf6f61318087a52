import { FlatMatrix } from '@steepest/autodiff';
import type { Family } from '../families/family.ts';
import { rowDerivatives } from '../families/rows.ts';
import type { Block } from './row-sums.ts';

/** The intercepts that fit best without any column: K of them. */
export function nullIntercepts(
  family: Family,
  outputs: number,
  blocks: readonly Block[],
): Float64Array {
  const offsets = blocks.some(({ offset }) => offset !== undefined);
  const summary = !offsets && (family.perClass || family.canonical);
  const rows = summary ? [family.perClass ? classRow(blocks, outputs) : meanRow(blocks)] : blocks;
  if (family.perClass && summary) {
    const [{ weights }] = rows as readonly [Block];
    const logs = Float64Array.from(weights?.data ?? [], (weight) =>
      Math.log(Math.max(weight, 0.5)),
    );
    return logs;
  }
  return family.perClass ? new Float64Array(outputs) : Float64Array.of(best(family, rows));
}

/** Newton's method in one number, with halved steps. */
function best(family: Family, blocks: readonly Block[]): number {
  const derivatives = rowDerivatives(family);
  const at = (b: number) => {
    const sums = { value: 0, slope: 0, curvature: 0 };
    for (const { y, weights, offset } of blocks) {
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
function meanRow(blocks: readonly Block[]): Block {
  let [total, sum] = [0, 0];
  for (const { y, weights } of blocks) {
    for (let i = 0; i < y.rows; i++) {
      const weight = weights?.data[i] ?? 1;
      total += weight;
      sum += weight * y.data[i];
    }
  }
  return { x: new FlatMatrix(1, 0), y: new FlatMatrix(1, 1, [sum / total]) };
}

/** One row for each class, as heavy as its rows. */
function classRow(blocks: readonly Block[], outputs: number): Block {
  const weight = new FlatMatrix(outputs, 1);
  for (const { y, weights } of blocks) {
    for (let i = 0; i < y.rows; i++) weight.data[y.data[i]] += weights?.data[i] ?? 1;
  }
  const codes = new FlatMatrix(outputs, 1, [...weight.data.keys()]);
  return { x: new FlatMatrix(outputs, 0), y: codes, weights: weight };
}

/** What the best scores of each row would leave: the mean of the family's least losses. */
export function leastRisk(family: Family, blocks: readonly Block[]): number {
  if (family.least === undefined) return 0;
  let [rows, sum] = [0, 0];
  for (const { y, weights } of blocks) {
    rows += y.rows;
    for (let i = 0; i < y.rows; i++) sum += (weights?.data[i] ?? 1) * family.least(y.data[i]);
  }
  return sum / rows;
}
