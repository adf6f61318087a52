import { FlatMatrix } from '@steepest/autodiff';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { BatchSource } from '../../src/index.ts';

export interface Batch {
  readonly x: FlatMatrix;
  readonly y: FlatMatrix;
}

/** Shuffled batches, the last one shorter: a small twin of the minibatches of @steepest/datasets. */
export function shuffledBatches(data: Batch, size: number): BatchSource<Batch> {
  const { rows } = data.x;
  const order = (random: RandomGenerator): Int32Array => {
    const drawn = Int32Array.from({ length: rows }, (_, i) => i);
    for (let i = rows - 1; i > 0; i--) {
      const j = uniformInt(random, 0, i);
      [drawn[i], drawn[j]] = [drawn[j], drawn[i]];
    }
    return drawn;
  };
  return {
    rows,
    batchesPerEpoch: Math.ceil(rows / size),
    data,
    batchRows: size,
    order,
    *epoch(random) {
      const drawn = order(random);
      for (let from = 0; from < rows; from += size) {
        yield rowsOf(data, drawn.subarray(from, from + size));
      }
    },
  };
}

/** The batch of these rows. */
export function rowsOf({ x, y }: Batch, rows: Int32Array): Batch {
  return { x: chosenRows(x, rows), y: chosenRows(y, rows) };
}

function chosenRows(m: FlatMatrix, indices: Int32Array): FlatMatrix {
  const { columns } = m;
  const chosen = new FlatMatrix(indices.length, columns);
  indices.forEach((row, i) => {
    chosen.data.set(m.data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return chosen;
}
