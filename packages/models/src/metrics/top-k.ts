import { argument, refusal, required, wholeNumber } from '@steepest/ground';
import { entries, type Numbers, rowWeights, type Weighted, weightsOf } from './columns.ts';

/**
 * The share of rows whose class is among the k most probable, for probabilities n×K and class codes y;
 * of equal ones the first counts as the more probable, as in `mostLikely`.
 *
 * ```ts
 * topKAccuracy(new FlatMatrix(1, 3, [0.2, 0.5, 0.3]), [2], 2); // 1
 * ```
 */
export function topKAccuracy(
  probabilities: {
    readonly rows: number;
    readonly columns: number;
    readonly data: ArrayLike<number>;
  },
  classes: Numbers,
  k: number,
  options: Weighted = {},
): number {
  const weights = weightsOf('topKAccuracy', options);
  if (!Number.isSafeInteger(probabilities?.rows) || !Number.isSafeInteger(probabilities.columns)) {
    throw refusal('topKAccuracy', 'expected a matrix', probabilities, 'pass an n×K matrix');
  }
  const { rows, columns } = probabilities;
  argument('topKAccuracy', 'k', k, required(wholeNumber(1, undefined, columns)));
  const data = entries('topKAccuracy', probabilities.data);
  const y = entries('topKAccuracy', classes);
  if (y.length !== rows || rows === 0) {
    throw new RangeError(`topKAccuracy: there are ${rows} rows and ${y.length} classes`);
  }
  const w = rowWeights('topKAccuracy', weights, rows);
  let [right, all] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const code = y[i];
    if (!(Number.isInteger(code) && code >= 0 && code < columns)) {
      throw new RangeError(`topKAccuracy: class ${code} of row ${i} is not in 0 … ${columns - 1}`);
    }
    const own = data[i * columns + code];
    let above = 0;
    for (let j = 0; j < columns; j++) {
      const other = data[i * columns + j];
      if (Number.isNaN(other)) {
        throw new RangeError(`topKAccuracy: the probability of class ${j} in row ${i} is NaN`);
      }
      if (other > own || (other === own && j < code)) above++;
    }
    const weight = w === undefined ? 1 : w[i];
    if (above < k) right += weight;
    all += weight;
  }
  return right / all;
}
