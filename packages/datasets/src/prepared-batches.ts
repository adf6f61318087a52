import { isCallable, refusal } from '@steepest/ground';
import ndarray from 'ndarray';
import type { Features } from './features.ts';
import { type Batch, type BatchSource, type MinibatchOptions, minibatches } from './minibatches.ts';
import type { FittedPreparation } from './prepare/prepare.ts';
import { type DiskTable, expectOnDisk } from './table/on-disk.ts';

/**
 * Minibatches of a table on disk, prepared as they are read: the same batches in the same order as
 * `minibatches(preparation.apply(table), options)` gives in memory, for the same generator.
 *
 * @example
 * const batches = preparedBatches(train, fitted, { size: 128 });
 * for (const { x, y } of batches.epoch(xoroshiro128plus(1))) … // x: 128 × names
 */
export function preparedBatches(
  table: DiskTable,
  preparation: FittedPreparation,
  options: MinibatchOptions,
): BatchSource<Batch<Features>> {
  expectOnDisk('preparedBatches', table);
  const { target: predicted }: { target?: unknown } = preparation ?? {};
  const isFitted =
    isCallable(preparation?.apply) &&
    areNames(preparation.features) &&
    areNames(preparation.names) &&
    (predicted === undefined || typeof predicted === 'string');
  if (!isFitted) {
    const advice = 'fit one: prepare([standardize()]).fit(train)';
    throw refusal('preparedBatches', 'expected a fitted preparation', preparation, advice);
  }
  const { names, features, target } = preparation;
  // The order and the sizes come from where they stand for memory: batches of no columns.
  const bare = minibatches({ x: ndarray(new Float64Array(0), [table.rows, 0]) }, options);
  const columns = target === undefined ? features : [...features, target];
  return {
    batchesPerEpoch: bare.batchesPerEpoch,
    rows: table.rows,
    columns: names.length,
    epoch(random) {
      const batches = bare.epoch(random);
      return {
        *[Symbol.iterator]() {
          for (const { indices } of batches) {
            const { x, y } = preparation.apply(table.gather(indices, columns));
            yield { x, y, indices };
          }
        },
      };
    },
  };
}

function areNames(x: unknown): boolean {
  return Array.isArray(x) && x.every((name) => typeof name === 'string');
}
