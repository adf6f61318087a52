import { FlatMatrix } from '@steepest/autodiff';
import type { TrainingSet } from './training-set.ts';

/** The batch with weights of mean 1; throws where one is negative, or all are 0. */
export function withMeanWeightOne(batch: TrainingSet['batch']): TrainingSet['batch'] {
  return { ...batch, weights: batch.weights && meanOne(batch.weights) };
}

/** Weights of mean 1; throws where one is negative, or all are 0. */
export function meanOne(weights: FlatMatrix): FlatMatrix {
  let total = 0;
  weights.data.forEach((weight, i) => {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`fit: the weight of row ${i + 1} is ${weight}; weights are 0 or more`);
    }
    total += weight;
  });
  if (total === 0) throw new RangeError('fit: all weights are 0, so no row counts');
  return new FlatMatrix(
    weights.rows,
    1,
    weights.data.map((weight) => (weight * weights.rows) / total),
  );
}
