import { isCallable, isPlain, refusal } from '@steepest/ground';
import ndarray from 'ndarray';
import type { Features } from './features.ts';
import {
  type Batch,
  type BatchSource,
  type DiskBatchOptions,
  minibatchesInMemory,
} from './minibatches-in-memory.ts';
import type { FittedPreparation } from './prepare/prepare.ts';
import { areNames, type DiskTable } from './table/on-disk.ts';
import { sliceRows } from './table/rows.ts';

/** So many bytes of raw columns are read at a time: the batches of many steps. */
const windowBytes = 24 * 2 ** 20;

/** Minibatches of a table on disk, prepared as they are read. */
export function minibatchesOnDisk(
  table: DiskTable,
  options: DiskBatchOptions,
): BatchSource<Batch<Features>> {
  const { preparation, ...rest } = isPlain(options) ? options : ({} as DiskBatchOptions);
  // The order and the sizes come from where they stand for memory: batches of no columns.
  const bare = minibatchesInMemory({ x: ndarray(new Float64Array(0), [table.rows, 0]) }, rest);
  expectFittedPreparation(preparation);
  const { names, features, target } = preparation;
  const columns = target === undefined ? features : [...features, target];
  const { size } = rest;
  const together = size * Math.max(1, Math.floor(windowBytes / (8 * columns.length * size)));
  return {
    batchesPerEpoch: bare.batchesPerEpoch,
    rows: table.rows,
    columns: names.length,
    epoch(random) {
      const order = bare.order(random);
      return {
        *[Symbol.iterator]() {
          // Rows that lie apart are read in the order of the file, as many as fit at once.
          for (let from = 0; from < order.length; from += together) {
            const rows = order.subarray(from, from + together);
            const window = table.gather(rows, columns);
            for (let at = 0; at < rows.length; at += size) {
              const part = sliceRows(window, at, at + size);
              const rowNumber = (i: number) => rows[at + i];
              const { x, y } = preparation.apply(part, { rowNumber });
              yield { x, y, indices: rows.slice(at, at + size) };
            }
          }
        },
      };
    },
  };
}

function expectFittedPreparation(preparation: FittedPreparation): void {
  const { apply, features, names, target } = (preparation ?? {}) as Partial<FittedPreparation>;
  const isFitted =
    isCallable(apply) &&
    areNames(features) &&
    areNames(names) &&
    (target === undefined || typeof target === 'string');
  if (isFitted) return;
  const advice = 'fit one: await prepare([standardize()]).fit(train)';
  throw refusal('minibatches', 'preparation must be a fitted preparation', preparation, advice);
}
