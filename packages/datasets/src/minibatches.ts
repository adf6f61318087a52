import type { Features } from './features.ts';
import {
  type Batch,
  type BatchSource,
  type DiskBatchOptions,
  type Examples,
  type GatheredSource,
  type MinibatchOptions,
  minibatchesInMemory,
} from './minibatches-in-memory.ts';
import { minibatchesOnDisk } from './minibatches-on-disk.ts';
import { type DiskTable, isOnDisk } from './table/on-disk.ts';

/**
 * Cuts examples into minibatches of `size` rows; those of a table on disk are prepared as they are read,
 * the same batches in the same order for the same generator. In order, batches are views of the arrays; shuffled,
 * each is a copy of its own, and an epoch's order is drawn when `epoch` is called.
 *
 * @example
 * const batches = minibatches(features, { size: 32 });
 * for (const { x, y } of batches.epoch(xoroshiro128plus(1))) … // x: 32 × d, y: 32 × 1
 * minibatches(onDisk, { size: 32, preparation: fitted })
 */
export function minibatches<E extends Examples>(
  examples: E,
  options: MinibatchOptions,
): GatheredSource<Batch<E>>;
export function minibatches(
  table: DiskTable,
  options: DiskBatchOptions,
): BatchSource<Batch<Features>>;
export function minibatches(
  examples: Examples | DiskTable,
  options: MinibatchOptions | DiskBatchOptions,
): BatchSource<Batch<Examples> | Batch<Features>> {
  return isOnDisk(examples)
    ? minibatchesOnDisk(examples, options as DiskBatchOptions)
    : minibatchesInMemory(examples as Examples, options);
}
