import type { Maximum } from './maximum.ts';
import { entryOf, type Sample, sizeOf } from './sample.ts';

/**
 * hᵢ = wᵢ xᵢᵀ(AᵀWA)⁻¹xᵢ, the diagonal of the weighted hat matrix, of models with one score: by how much a
 * row draws its own prediction. A row of frequency 2 is two rows, each with its own leverage.
 */
export function leverages(sample: Sample, { inverse, information }: Maximum): Float64Array {
  const size = sizeOf(sample);
  const row = new Float64Array(size);
  return Float64Array.from({ length: sample.x.rows }, (_, i) => {
    for (let j = 0; j < size; j++) row[j] = entryOf(sample, i, j);
    let sum = 0;
    for (let j = 0; j < size; j++) {
      let inner = (inverse[j * size + j] * row[j]) / 2;
      for (let k = 0; k < j; k++) inner += inverse[j * size + k] * row[k];
      sum += 2 * inner * row[j];
    }
    return sum * information[i];
  });
}
