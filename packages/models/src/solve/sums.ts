import { FlatMatrix } from '@steepest/autodiff';
import type { Later } from '@steepest/ground';
import { freeScores, type Problem } from '../families/problem.ts';
import { RowwiseQr } from './block-qr.ts';
import { type Blocks, eachBlock, type Outcome } from './blocks.ts';
import { type Moments, momentsOf } from './moments.ts';
import { type NullModel, nullModel } from './null-model.ts';
import { type Affine, type Block, type CurvatureSums, type RowSums, rowSums } from './row-sums.ts';

/** Two scores whose second derivative is asked for: unit vectors, a 1×K and c K×1. */
export interface ScorePair {
  readonly a: FlatMatrix;
  readonly c: FlatMatrix;
}

/** How the solver's coordinates come from the columns: (x − shift) / scale, after a 1 where there is an intercept. */
export interface Coordinates {
  readonly shift: Float64Array;
  readonly scale: Float64Array;
}

/**
 * What solving asks of the rows of a problem, wherever they are: sums over all of them, by weight. Each
 * question is one pass; an answer may come later.
 */
export interface Sums {
  /** The rows that count, and the prepared columns. */
  readonly rows: number;
  readonly columns: number;
  /** Where the columns lie and how far they spread: about 0 unless centred. */
  moments(centred: boolean): Later<Moments>;
  /** The best model without any column. */
  nothing(): Later<NullModel>;
  /** Σ weight · loss, and its gradient by w (d×K) and b (1×K). */
  gradient(at: Affine): Later<ReturnType<RowSums['gradient']>>;
  /** Σ weight · h x xᵀ for each pair of scores, h = aᵀ(∂²loss/∂t²)c. */
  curvature(at: Affine, pairs: readonly ScorePair[]): Later<readonly CurvatureSums[]>;
  /** The second derivative of Σ weight · loss along v. */
  along(at: Affine, v: Affine): Later<ReturnType<RowSums['along']>>;
  /** The largest |(x − shift) w + b| of all rows and scores. */
  farthest(at: Affine): Later<number>;
  /** R of the rows √(H/n) ⊗ (1, x), H a row's curvature by its free scores; where single rows can be seen. */
  root?(at: Affine, to: Coordinates): Later<RowwiseQr>;
  /** The same over some of the rows, scattered over all or lying together, where they are had at little cost. */
  sample?(rows: number, scattered: boolean): Later<Sums>;
  /** Lets go of what was taken to answer: no more is asked. */
  end?(): void;
  /** Least squares at once, where that is the surest; undefined where columns depend on each other. */
  leastSquares?(): Later<{ readonly w: FlatMatrix; readonly b: number } | undefined>;
}

/** The sums over blocks of rows. */
export class BlockSums implements Sums {
  readonly rows: number;
  readonly columns: number;
  readonly #problem: Problem;
  readonly #blocks: Blocks;
  readonly #outcome: Outcome;
  readonly #sums: RowSums;

  /** `entries`: of how many these are a part. */
  constructor(
    problem: Problem,
    blocks: Blocks,
    outcome: Outcome,
    entries: number = blocks.rows * blocks.columns,
  ) {
    this.#problem = problem;
    this.#blocks = blocks;
    this.#outcome = outcome;
    this.rows = blocks.rows;
    this.columns = blocks.columns;
    const size = (this.columns + (problem.intercept ? 1 : 0)) * freeScores(problem);
    this.#sums = rowSums(problem.family, this.rows * size ** 2 > 2e5, entries);
  }

  moments(centred: boolean): Later<Moments> {
    return momentsOf(this.#problem.family, this.#blocks, centred);
  }

  nothing(): Later<NullModel> {
    return nullModel(this.#problem, this.#outcome);
  }

  gradient(at: Affine): ReturnType<Sums['gradient']> {
    const w = new FlatMatrix(this.columns, this.#problem.outputs);
    const b = new FlatMatrix(1, this.#problem.outputs);
    let value = 0;
    return eachBlock(
      this.#blocks,
      (block) => {
        const sums = this.#sums.gradient(at, block);
        value += sums.value;
        addTo(w, sums.gradient.w);
        addTo(b, sums.gradient.b);
      },
      () => ({ value, gradient: { w, b } }),
    );
  }

  curvature(at: Affine, pairs: readonly ScorePair[]): ReturnType<Sums['curvature']> {
    const d = this.columns;
    const totals = pairs.map(() => ({
      ww: new FlatMatrix(d, d),
      wb: new FlatMatrix(d, 1),
      bb: new FlatMatrix(1, 1),
    }));
    return eachBlock(
      this.#blocks,
      (block) => {
        pairs.forEach((pair, k) => {
          const sums = this.#sums.curvature({ ...at, ...pair }, block);
          for (const part of ['ww', 'wb', 'bb'] as const) addTo(totals[k][part], sums[part]);
        });
      },
      () => totals,
    );
  }

  along(at: Affine, v: Affine): ReturnType<Sums['along']> {
    const w = new FlatMatrix(this.columns, this.#problem.outputs);
    const b = new FlatMatrix(1, this.#problem.outputs);
    return eachBlock(
      this.#blocks,
      (block) => {
        const sums = this.#sums.along({ ...at, v }, block);
        addTo(w, sums.w);
        addTo(b, sums.b);
      },
      () => ({ w, b }),
    );
  }

  farthest(at: Affine): Later<number> {
    let most = 0;
    return eachBlock(
      this.#blocks,
      ({ x }) => {
        const moved = this.#sums.farthest(at, { x }).data[0];
        if (!(moved <= most)) most = moved;
      },
      () => most,
    );
  }

  /** What is predicted for each row, in their order: n×K. */
  means(at: Affine): Later<FlatMatrix> {
    const { known } = this.#blocks;
    if (known?.length === 1) return this.#sums.means(at, withoutOutcome(known[0]));
    const all = new FlatMatrix(this.rows, this.#problem.outputs);
    let filled = 0;
    return eachBlock(
      this.#blocks,
      (block, places) => {
        const { data, rows } = this.#sums.means(at, withoutOutcome(block));
        if (places === undefined) all.data.set(data, filled * all.columns);
        else
          places.forEach((to, i) => {
            all.data.set(data.subarray(i * all.columns, (i + 1) * all.columns), to * all.columns);
          });
        filled += rows;
      },
      () => all,
    );
  }

  root(at: Affine, { shift, scale }: Coordinates): Later<RowwiseQr> {
    const { outputs, intercept } = this.#problem;
    const [d, free, first] = [this.columns, freeScores(this.#problem), intercept ? 1 : 0];
    const qr = new RowwiseQr((d + first) * free);
    const root = new Float64Array(free * free);
    const visit = (block: Block): void => {
      const { data, rows } = block.x;
      const h = Array.from(
        { length: free },
        (_, f) => this.#sums.rows({ ...at, a: unitOf(1, outputs, f + outputs - free) }, block).data,
      );
      for (let i = 0; i < rows; i++) {
        lowerRoot(root, free, (f, g) => h[g][i * outputs + f + outputs - free] / this.rows);
        addRoot(qr, root, free, (j) =>
          j < first ? 1 : (data[i * d + j - first] - shift[j - first]) / scale[j - first],
        );
      }
    };
    return eachBlock(this.#blocks, visit, () => qr);
  }
}

/** The rows L ⊗ x, where L Lᵀ is a row's curvature. */
export function addRoot(
  qr: RowwiseQr,
  root: Float64Array,
  free: number,
  x: (j: number) => number,
): void {
  for (let g = 0; g < free; g++) {
    qr.add((k) => root[(k % free) * free + g] * x(Math.floor(k / free)));
  }
}

/** L of H = L Lᵀ for a small positive semidefinite H; a column without a pivot is 0. */
export function lowerRoot(
  l: Float64Array,
  size: number,
  h: (f: number, g: number) => number,
): void {
  for (let g = 0; g < size; g++) {
    for (let f = g; f < size; f++) {
      let sum = h(f, g);
      for (let k = 0; k < g; k++) sum -= l[f * size + k] * l[g * size + k];
      if (f === g) l[f * size + g] = sum > 0 ? Math.sqrt(sum) : 0;
      else l[f * size + g] = l[g * size + g] > 0 ? sum / l[g * size + g] : 0;
    }
    for (let f = 0; f < g; f++) l[f * size + g] = 0;
  }
}

export function unitOf(rows: number, columns: number, at: number): FlatMatrix {
  const unit = new FlatMatrix(rows, columns);
  unit.data[at] = 1;
  return unit;
}

function withoutOutcome({ x, offset }: Block): Pick<Block, 'x' | 'offset'> {
  return { x, ...(offset && { offset }) };
}

function addTo(sum: FlatMatrix, part: FlatMatrix): void {
  for (let k = 0; k < sum.data.length; k++) sum.data[k] += part.data[k];
}
