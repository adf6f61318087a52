import { FlatMatrix } from '@steepest/autodiff';
import { boolean, refusal, settle } from '@steepest/ground';
import { pivotedQr, solveR } from '@steepest/optim/linear-algebra';
import { scaleColumns } from '../exact/design.ts';
import { expectList } from '../expect.ts';
import type { Separable } from '../families/family.ts';
import type { Separation } from './warning.ts';

/** What families of rates say of groups in which nothing was counted. */
export const zeroCounts: Separable = {
  find: (x, y, options) => zeroCountSeparation(x, y, options),
  because: () => 'a combination of columns occurs with counts of 0 only',
};

/**
 * Whether the maximum-likelihood estimate of Poisson regression fails to exist: some direction of the
 * parameters leaves the score of every positive count as it is and lowers that of zeros only, so that
 * the likelihood grows for ever (Santos Silva and Tenreyro, 2010).
 *
 * Such a direction lies in the null space of the rows with positive counts: there is none if their
 * columns are independent. A null space of one dimension is decided here, a larger one is 'not
 * checked'. x is n×d.
 *
 * ```ts
 * zeroCountSeparation(new FlatMatrix(3, 1, [0, 0, 1]), [2, 3, 0]); // 'quasi': x = 1 has zeros only
 * ```
 */
export function zeroCountSeparation(
  x: FlatMatrix,
  counts: ArrayLike<number>,
  options: { readonly intercept?: boolean | undefined } = {},
): Separation {
  const { intercept } = settle('zeroCountSeparation', options, { intercept: boolean(true) });
  if (!(x instanceof FlatMatrix)) {
    throw refusal('zeroCountSeparation', 'x must be a FlatMatrix', x, 'pass toFlatMatrix(x)');
  }
  expectList('zeroCountSeparation', 'counts', counts);
  const first = intercept ? 1 : 0;
  const size = x.columns + first;
  const positive = Array.from({ length: x.rows }, (_, i) => i).filter((i) => counts[i] > 0);
  if (positive.length === x.rows) return 'none';
  const entry = (i: number, j: number) => (j < first ? 1 : x.data[i * x.columns + j - first]);
  // At least as many rows as columns, the missing ones zeros: they change no null space.
  const rows = Math.max(positive.length, size);
  const data = new Float64Array(rows * size);
  positive.forEach((i, k) => {
    for (let j = 0; j < size; j++) data[j * rows + k] = entry(i, j);
  });
  const matrix = { data, rows, columns: size };
  const lengths = scaleColumns(matrix);
  const qr = pivotedQr(matrix, 1e-11);
  if (qr.rank === size) return 'none';
  if (qr.rank < size - 1) return 'not checked';
  // R₁₁ v = −R₁₂, with 1 for the dependent column.
  const last = Float64Array.from({ length: rows }, (_, i) =>
    i < qr.rank ? -qr.data[qr.rank * rows + i] : 0,
  );
  const direction = new Float64Array(size);
  solveR(qr, last).forEach((value, k) => {
    direction[qr.pivots[k]] = value;
  });
  direction[qr.pivots[qr.rank]] = 1;
  let low = 0;
  let high = 0;
  for (let i = 0; i < x.rows; i++) {
    if (counts[i] > 0) continue;
    let change = 0;
    for (let j = 0; j < size; j++) change += (entry(i, j) * direction[j]) / lengths[j];
    low = Math.min(low, change);
    high = Math.max(high, change);
  }
  const noise = 1e-9 * Math.max(high, -low);
  const oneSided = high <= noise || -low <= noise;
  // Without any change the columns depend on each other in all rows, which is told elsewhere.
  return oneSided && high - low > 0 ? 'quasi' : 'none';
}
