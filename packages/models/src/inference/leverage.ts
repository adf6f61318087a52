import type { Maximum } from './maximum.ts';
import { entryOf, type Sample, sizeOf } from './sample.ts';

/**
 * hᵢ = wᵢ xᵢᵀ(AᵀWA)⁻¹xᵢ, the diagonal of the weighted hat matrix, of models with one score: by how much a
 * row draws its own prediction. A row of frequency 2 is two rows, each with its own leverage.
 */
export function leverages(sample: Sample, { inverse, information }: Maximum): Float64Array {
  const size = sizeOf(sample);
  return Float64Array.from({ length: sample.x.rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) {
      let inner = 0;
      for (let k = 0; k < size; k++) inner += inverse[j * size + k] * entryOf(sample, i, k);
      sum += inner * entryOf(sample, i, j);
    }
    return sum * information[i];
  });
}
