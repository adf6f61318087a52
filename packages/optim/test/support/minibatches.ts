import { FlatMatrix } from '@steepest/autodiff';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { BatchSource } from '../../src/index.ts';

export interface Batch {
  readonly x: FlatMatrix;
  readonly y: FlatMatrix;
}

/** Shuffled batches, the last one shorter: a small twin of the minibatches of @steepest/datasets. */
export function shuffledBatches({ x, y }: Batch, size: number): BatchSource<Batch> {
  const { rows } = x;
  return {
    rows,
    batchesPerEpoch: Math.ceil(rows / size),
    *epoch(random: RandomGenerator) {
      const order = Array.from({ length: rows }, (_, i) => i);
      for (let i = rows - 1; i > 0; i--) {
        const j = uniformInt(random, 0, i);
        [order[i], order[j]] = [order[j], order[i]];
      }
      for (let from = 0; from < rows; from += size) {
        const indices = order.slice(from, from + size);
        yield { x: chosenRows(x, indices), y: chosenRows(y, indices) };
      }
    },
  };
}

function chosenRows(m: FlatMatrix, indices: readonly number[]): FlatMatrix {
  const { columns } = m;
  const chosen = new FlatMatrix(indices.length, columns);
  indices.forEach((row, i) => {
    chosen.data.set(m.data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return chosen;
}
