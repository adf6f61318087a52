import { FlatMatrix } from '@steepest/autodiff';
import { dotOf } from '@steepest/optim/linear-algebra';
import type { Problem } from '../families/problem.ts';
import { type RowDerivatives, rowDerivatives } from '../families/rows.ts';
import type { Moments } from '../solve/moments.ts';
import type { Block } from '../solve/row-sums.ts';
import { PairSums } from './pair-sums.ts';
import type { Curvature, Point, Slope, Smooth } from './point.ts';

/**
 * The mean loss by columns, centred and scaled, one after the other: for many columns, of which few are
 * not 0. Scores come from those alone, and the curvature is asked for some only.
 */
export class ColumnsSmooth implements Smooth {
  readonly columns: number;
  readonly outputs: number;
  readonly intercept: boolean;
  readonly #rows: number;
  readonly #x: readonly Float64Array[];
  readonly #block: Block;
  readonly #weights: Float64Array;
  readonly #derivatives: RowDerivatives;
  readonly #problem: Problem;
  readonly #pairs: PairSums | undefined;
  readonly #ones: Float64Array;

  constructor(problem: Problem, block: Block, { shift, scale }: Moments) {
    const { data, rows, columns } = block.x;
    this.columns = columns;
    this.outputs = problem.outputs;
    this.intercept = problem.intercept;
    this.#rows = rows;
    this.#block = block;
    this.#problem = problem;
    this.#weights = block.weights?.data ?? new Float64Array(rows).fill(1);
    this.#ones = new Float64Array(rows).fill(1);
    this.#x = Array.from({ length: columns }, (_, j) => {
      const column = new Float64Array(rows);
      for (let i = 0; i < rows; i++) column[i] = (data[i * columns + j] - shift[j]) / scale[j];
      return column;
    });
    this.#derivatives = rowDerivatives(problem.family);
    // The curvature of least squares is the same everywhere: its sums are kept.
    this.#pairs = problem.family.quadratic
      ? new PairSums(this.#x, this.#ones, this.#weights)
      : undefined;
  }

  slope(at: Point): Slope {
    const [n, k] = [this.#rows, this.outputs];
    const t = this.#scores(at);
    const { y } = this.#block;
    const { family } = this.#problem;
    const losses = this.#derivatives.losses(t, y).data;
    const slopes = this.#derivatives.slopes(t, y).data;
    const decrements = family.decrement && (family.decrement(t, y) as FlatMatrix).data;
    let value = 0;
    let decrement = 0;
    const byOutput = Array.from({ length: k }, () => new Float64Array(n));
    for (let i = 0; i < n; i++) {
      const weight = this.#weights[i];
      value += weight * losses[i];
      if (decrements) decrement += weight * decrements[i];
      for (let f = 0; f < k; f++) byOutput[f][i] = (weight * slopes[i * k + f]) / n;
    }
    const w = new Float64Array(this.columns * k);
    for (let j = 0; j < this.columns; j++) {
      for (let f = 0; f < k; f++) w[j * k + f] = dotOf(this.#x[j], byOutput[f]);
    }
    const b = Float64Array.from(byOutput, (u) => (this.intercept ? dotOf(u, this.#ones) : 0));
    return { value: value / n, w, b, decrement: decrements && decrement / n };
  }

  curvature(at: Point, chosen: Int32Array): Curvature {
    const [n, k] = [this.#rows, this.outputs];
    const size = k + chosen.length;
    const matrix = new Float64Array(size * size);
    if (this.#pairs !== undefined) {
      this.#pairs.fill(matrix, chosen, n, this.intercept);
      return { matrix, exact: true };
    }
    const t = this.#scores(at);
    const { y } = this.#block;
    const columnOf = (r: number) => (r < k ? this.#ones : this.#x[Math.floor(chosen[r - k] / k)]);
    const outputOf = (r: number) => (r < k ? r : chosen[r - k] % k);
    const first = this.intercept ? 0 : k;
    const weighted = new Float64Array(n);
    for (let f = 0; f < k; f++) {
      const along = new FlatMatrix(1, k);
      along.data[f] = 1;
      const h = this.#derivatives.curvaturesAlong(t, y, along).data;
      for (let r = first; r < size; r++) {
        const g = outputOf(r);
        const x = columnOf(r);
        for (let i = 0; i < n; i++) weighted[i] = (x[i] * this.#weights[i] * h[i * k + g]) / n;
        for (let s = first; s <= r; s++) {
          if (outputOf(s) !== f) continue;
          const value = dotOf(columnOf(s), weighted);
          matrix[r * size + s] = value;
          matrix[s * size + r] = value;
        }
      }
    }
    return { matrix, exact: true };
  }

  farthest(step: Point): number {
    const t = this.#scores(step, false).data;
    return t.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  }

  #scores({ w, b }: Point, offsets = true): FlatMatrix {
    const [n, k] = [this.#rows, this.outputs];
    const t = new FlatMatrix(n, k);
    const offset = offsets ? this.#block.offset?.data : undefined;
    for (let i = 0; i < n; i++) {
      for (let f = 0; f < k; f++) t.data[i * k + f] = b[f] + (offset?.[i] ?? 0);
    }
    for (let j = 0; j < this.columns; j++) {
      for (let f = 0; f < k; f++) {
        const value = w[j * k + f];
        if (value === 0) continue;
        const x = this.#x[j];
        for (let i = 0; i < n; i++) t.data[i * k + f] += value * x[i];
      }
    }
    return t;
  }
}
