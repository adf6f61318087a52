import { FlatMatrix } from '@steepest/autodiff';
import { hold } from '@steepest/compile';
import { leastSquares, RankDeficientError } from '../exact/least-squares.ts';
import type { Problem } from '../families/problem.ts';
import { inOneBlock } from './blocks.ts';
import type { Block } from './row-sums.ts';
import { someRows } from './sample.ts';
import { BlockSums, type Sums } from './sums.ts';

/** The sums over rows in memory, which answer at once. Holds the rows until their end: they must not change. */
export function sumsInMemory(problem: Problem, block: Block): BlockSums & Sums & { end(): void } {
  const { x: _, ...outcome } = block;
  const end = hold(block);
  const sums = new BlockSums(problem, inOneBlock(block), outcome);
  return Object.assign(sums, {
    leastSquares: () => byQr(problem, block),
    sample: (rows: number, scattered: boolean) =>
      new BlockSums(problem, someRows(block, rows, scattered), outcome, block.x.data.length),
    end,
  });
}

/** Least squares of the columns as they are: pivoted QR, refined in twice the precision. */
function byQr(
  { l2, intercept }: Problem,
  { x, y, weights, offset }: Block,
): { w: FlatMatrix; b: number } | undefined {
  const target =
    offset === undefined
      ? y
      : new FlatMatrix(
          y.rows,
          1,
          y.data.map((v, i) => v - offset.data[i]),
        );
  try {
    const { w, b } = leastSquares(x, target, { l2, intercept, weights });
    return { w, b };
  } catch (error) {
    if (error instanceof RankDeficientError) return undefined;
    throw error;
  }
}
