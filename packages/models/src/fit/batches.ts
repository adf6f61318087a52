import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import { featuresOf, minibatches } from '@steepest/datasets';
import type { BatchSource } from '@steepest/optim';
import type { Batch, Column } from '../families/batch.ts';
import type { TrainingSet } from './training-set.ts';

/** The rows in shuffled minibatches of `size`, with what belongs to each row. */
export function batches({ batch, names }: TrainingSet, size: number): BatchSource<Batch> {
  const { x, y, weights, offset } = batch;
  const source = minibatches(featuresOf({ data: x.data, names, rows: x.rows, y: y.data }), {
    size,
  });
  return {
    batchesPerEpoch: source.batchesPerEpoch,
    rows: source.rows,
    batchRows: source.batchRows,
    data: { x, y, ...(weights && { weights }), ...(offset && { offset }) },
    order: source.order,
    *epoch(random) {
      for (const part of source.epoch(random)) {
        const { x, y, indices } = part;
        yield {
          x,
          y,
          ...(weights && { weights: gathered(weights, indices) }),
          ...(offset && { offset: gathered(offset, indices) }),
        };
      }
    },
  };
}

function gathered(column: Column, indices: Int32Array): FlatMatrix {
  const { data } = toFlatMatrix(column);
  return new FlatMatrix(
    indices.length,
    1,
    Float64Array.from(indices, (i) => data[i]),
  );
}
