import { FlatMatrix } from '@steepest/autodiff';
import { hold } from '@steepest/compile';
import { leastSquares, RankDeficientError } from '../exact/least-squares.ts';
import type { Problem } from '../families/problem.ts';
import { inOneBlock, type Outcome } from './blocks.ts';
import type { Block } from './row-sums.ts';
import { someRows } from './sample.ts';
import { BlockSums, type Sums } from './sums.ts';

/** The sums over rows in memory, which answer at once. Holds the rows until their end: they must not change. */
export class SumsInMemory extends BlockSums implements Sums {
  readonly #problem: Problem;
  readonly #block: Block;
  readonly #outcome: Outcome;
  readonly #release: () => void;

  constructor(problem: Problem, block: Block) {
    const { x: _, ...outcome } = block;
    super(problem, inOneBlock(block), outcome);
    this.#release = hold(block);
    this.#problem = problem;
    this.#block = block;
    this.#outcome = outcome;
  }

  leastSquares(): { readonly w: FlatMatrix; readonly b: number } | undefined {
    return byQr(this.#problem, this.#block);
  }

  sample(rows: number, scattered: boolean): Sums {
    return new BlockSums(
      this.#problem,
      someRows(this.#block, rows, scattered),
      this.#outcome,
      this.#block.x.data.length,
    );
  }

  end(): void {
    this.#release();
  }
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
