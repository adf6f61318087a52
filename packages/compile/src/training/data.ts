import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import {
  isSingle,
  type Leaf,
  type SingleMatrix,
  type Skeleton,
  singleEntries,
  sizeOf,
  skeletonOf,
} from '../calling/skeleton.ts';
import type { Engine } from '../memory/engine.ts';
import { Holding } from '../memory/holding.ts';
import { SparseMatrix } from '../sparse.ts';

/** The data cannot be gathered, for the reason that the message gives. */
export class DataError extends Error {
  override name = 'DataError';
}

/**
 * The data of a run in the engine's memory, taken over once: programs read it in place until it is
 * released.
 */
export class HeldData {
  readonly leaves: readonly Leaf[];
  readonly #skeleton: Skeleton;
  readonly #engine: Engine;
  readonly #rows: number;
  readonly #memory: Holding;
  readonly #releases: (() => void)[] = [];
  readonly #addresses: (number | undefined)[];

  /** `rows`: what is gathered has so many. Throws a DataError, or a MemoryError. */
  constructor(engine: Engine, data: unknown, rows: number) {
    const found = skeletonOf(data);
    if (typeof found === 'string') throw new DataError(found);
    const { skeleton, leaves } = found;
    this.#skeleton = skeleton;
    this.#engine = engine;
    this.#memory = new Holding(engine, this);
    this.#rows = rows;
    this.#addresses = leaves.map(() => undefined);
    try {
      this.leaves = leaves.map((leaf, i) => this.#held(leaf, i));
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** The data itself, with matrices that programs find in the engine's memory. */
  get batch(): unknown {
    return this.#skeleton.tree.unflatten(this.leaves);
  }

  /** What a batch of so many rows looks like: the first rows of the data. */
  sample(height: number): unknown {
    const firsts = this.leaves.map((leaf) => firstRows(leaf, this.#rows, height));
    return this.#skeleton.tree.unflatten(firsts);
  }

  /** Where the rows of a leaf lie; its entries as whole numbers below a limit, where one is given. */
  addressOf(leaf: number, limit: number | undefined): number {
    if (limit !== undefined) return this.#indices(leaf, limit);
    return this.#addresses[leaf] as number;
  }

  /** Throws where a row number is not one of the data's. */
  checkOrder(order: Int32Array): void {
    const rows = this.#rows;
    for (let i = 0; i < order.length; i++) {
      if (order[i] >>> 0 < rows) continue;
      throw new RangeError(
        `compiled: row number ${i} of the order is ${order[i]}, but the data has ${rows} rows; ` +
          'give numbers from 0 below the number of rows',
      );
    }
  }

  release(): void {
    for (const release of this.#releases.splice(0)) release();
    this.#memory.freeAll();
  }

  #held(leaf: Leaf, index: number): Leaf {
    if (typeof leaf === 'number' || ArrayBuffer.isView(leaf) || leaf instanceof SparseMatrix) {
      return leaf;
    }
    if (isSingle(leaf)) {
      const { view, address, release } = this.#engine.hold(singleEntries(leaf));
      this.#addresses[index] = address;
      this.#releases.push(release);
      const { shape, stride } = leaf;
      return { data: view, shape, stride, offset: 0 } satisfies SingleMatrix;
    }
    const { rows, columns, data } = toFlatMatrix(leaf);
    const { view, address, release } = this.#engine.hold(data);
    this.#addresses[index] = address;
    this.#releases.push(release);
    return new FlatMatrix(rows, columns, view);
  }

  /** Class and row numbers are gathered as 32-bit integers. */
  #indices(leaf: number, limit: number): number {
    const given = this.leaves[leaf];
    const entries = ArrayBuffer.isView(given)
      ? (given as Int32Array)
      : toFlatMatrix(given as FlatMatrix).data;
    const wrong = entries.findIndex((entry) => !(entry >= 0 && entry < limit));
    if (wrong >= 0) {
      throw new DataError(
        `row ${wrong} of the data holds the number ${entries[wrong]}, which must be below ${limit}`,
      );
    }
    const address = this.#memory.allocate(4 * entries.length);
    new Int32Array(this.#engine.memory.buffer, address, entries.length).set(entries);
    return address;
  }
}

function firstRows(leaf: Leaf, rows: number, height: number): Leaf {
  if (typeof leaf === 'number') return leaf;
  if (ArrayBuffer.isView(leaf)) {
    const array = leaf as Int32Array;
    return array.length === rows ? (array.slice(0, height) as Leaf) : leaf;
  }
  const [total, columns] = sizeOf(leaf);
  if (total !== rows) return leaf;
  if (leaf instanceof SparseMatrix)
    throw new DataError('the rows of a sparse matrix are not gathered');
  if (isSingle(leaf)) {
    const { data, stride } = leaf;
    return {
      data: data.subarray(0, height * columns),
      shape: [height, columns],
      stride,
      offset: 0,
    };
  }
  const { data } = toFlatMatrix(leaf);
  return new FlatMatrix(height, columns, data.subarray(0, height * columns));
}
