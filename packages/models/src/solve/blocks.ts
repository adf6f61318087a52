import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import type { Later } from '@steepest/ground';
import type { Batch } from '../families/batch.ts';
import type { Block } from './row-sums.ts';

/** What happened in each row, without the columns: n×1 each. */
export type Outcome = Omit<Block, 'x'>;

/** A block, and where its rows are among all if they do not follow those of the block before. */
export interface Placed {
  readonly block: Block;
  readonly at?: Int32Array | undefined;
}

/**
 * Rows in blocks, which are gone through anew for each question: one block in memory, or as many as are
 * read on the way. A block is valid until the next one is asked for.
 */
export interface Blocks {
  readonly rows: number;
  readonly columns: number;
  /** The blocks, where they are at hand; otherwise `read` reads them, the next while one is worked on. */
  readonly known?: readonly Block[];
  read?(): AsyncIterable<Placed>;
}

/** Visits all blocks in order; then what came of it. */
export function eachBlock<T>(
  blocks: Blocks,
  visit: (block: Block, at?: Int32Array) => void,
  end: () => T,
): Later<T> {
  if (blocks.read === undefined) {
    for (const block of blocks.known ?? []) visit(block);
    return end();
  }
  return eachRead(blocks.read(), visit, end);
}

async function eachRead<T>(
  read: AsyncIterable<Placed>,
  visit: (block: Block, at?: Int32Array) => void,
  end: () => T,
): Promise<T> {
  for await (const { block, at } of read) visit(block, at);
  return end();
}

/** A batch in memory as the one block of its rows. */
export function blockOf({ x, y, weights, offset }: Batch): Block {
  return {
    x: toFlatMatrix(x as FlatMatrix),
    y: toFlatMatrix(y),
    ...(weights && { weights: toFlatMatrix(weights) }),
    ...(offset && { offset: toFlatMatrix(offset) }),
  };
}

export function inOneBlock(block: Block): Blocks {
  return { rows: block.x.rows, columns: block.x.columns, known: [block] };
}

/** What happened in some rows: those of these numbers, copied, or a stretch of them, viewed. */
export function outcomeAt(
  { y, weights, offset }: Outcome,
  rows: ArrayLike<number> | { readonly from: number; readonly to: number },
): Outcome {
  const take = ({ data }: FlatMatrix): FlatMatrix => {
    if ('from' in rows)
      return new FlatMatrix(rows.to - rows.from, 1, data.subarray(rows.from, rows.to));
    return new FlatMatrix(
      rows.length,
      1,
      Float64Array.from(rows, (i) => data[i]),
    );
  };
  return {
    y: take(y),
    ...(weights && { weights: take(weights) }),
    ...(offset && { offset: take(offset) }),
  };
}
