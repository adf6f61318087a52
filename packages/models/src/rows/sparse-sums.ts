import { FlatMatrix } from '@steepest/autodiff';
import { hold, type SparseMatrix } from '@steepest/compile';
import type { Problem } from '../families/problem.ts';
import type { Outcome } from '../solve/blocks.ts';
import type { Moments } from '../solve/moments.ts';
import { type NullModel, nullModel } from '../solve/null-model.ts';
import { type Affine, type Block, type RowSums, rowSums } from '../solve/row-sums.ts';
import type { ScorePair, Sums } from '../solve/sums.ts';

/**
 * The sums over rows of a sparse matrix, in time and memory by its values. Columns are shifted by way of
 * the intercepts: (x − s) w + b = x w + (b − s w), so that no zero is ever filled in.
 */
export class SparseSums implements Sums {
  readonly rows: number;
  readonly columns: number;
  readonly #problem: Problem;
  readonly #x: SparseMatrix;
  readonly #outcome: Outcome;
  readonly #block: Block;
  readonly #sums: RowSums;
  readonly #release: () => void;

  constructor(problem: Problem, x: SparseMatrix, outcome: Outcome) {
    this.#problem = problem;
    this.#x = x;
    this.#outcome = outcome;
    this.rows = x.rows;
    this.columns = x.columns;
    // Compiled products take a sparse matrix in place of any other.
    this.#block = { ...outcome, x: x as unknown as FlatMatrix };
    this.#sums = rowSums(problem.family, true);
    this.#release = hold(this.#block);
  }

  end(): void {
    this.#release();
  }

  moments(centred: boolean): Moments {
    return momentsOfSparse(this.#x, centred);
  }

  nothing(): NullModel {
    return nullModel(this.#problem, this.#outcome);
  }

  gradient(at: Affine): ReturnType<RowSums['gradient']> {
    const { value, gradient } = this.#sums.gradient(unshifted(at), this.#block);
    return { value, gradient: reshifted(gradient, at.shift) };
  }

  along(at: Affine, v: Affine): ReturnType<RowSums['along']> {
    const { shift } = at;
    const direction = unshifted({ ...v, ...(shift && { shift }) });
    return reshifted(this.#sums.along({ ...unshifted(at), v: direction }, this.#block), shift);
  }

  farthest(at: Affine): number {
    return this.#sums.farthest(unshifted(at), { x: this.#block.x }).data[0];
  }

  /** What is predicted for each row: n×K. */
  means(at: Affine): FlatMatrix {
    const { offset } = this.#outcome;
    const { x } = this.#block;
    return this.#sums.means(unshifted(at), offset === undefined ? { x } : { x, offset });
  }

  curvature(at: Affine, pairs: readonly ScorePair[]): ReturnType<RowSums['curvature']>[] {
    const { columns: d } = this;
    const { values, columnsOf, starts } = this.#x;
    return pairs.map(({ a, c }) => {
      const curved = this.#sums.rows({ ...unshifted(at), a }, this.#block);
      const ww = new FlatMatrix(d, d);
      const wb = new FlatMatrix(d, 1);
      const bb = new FlatMatrix(1, 1);
      for (let i = 0; i < this.rows; i++) {
        let h = 0;
        for (let k = 0; k < c.data.length; k++) h += curved.data[i * c.data.length + k] * c.data[k];
        bb.data[0] += h;
        for (let k = starts[i]; k < starts[i + 1]; k++) {
          const from = columnsOf[k] * d;
          const part = h * values[k];
          wb.data[columnsOf[k]] += part;
          for (let l = starts[i]; l < starts[i + 1]; l++) {
            ww.data[from + columnsOf[l]] += part * values[l];
          }
        }
      }
      if (at.shift !== undefined) shiftCurvature({ ww, wb, bb }, at.shift.data);
      return { ww, wb, bb };
    });
  }
}

/** Σ h (x − s)(x − s)ᵀ and Σ h (x − s), from the same about 0. */
function shiftCurvature({ ww, wb, bb }: ReturnType<RowSums['curvature']>, s: Float64Array): void {
  const d = s.length;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      ww.data[i * d + j] += s[i] * s[j] * bb.data[0] - s[i] * wb.data[j] - wb.data[i] * s[j];
    }
  }
  for (let i = 0; i < d; i++) wb.data[i] -= s[i] * bb.data[0];
}

/** The same scores of columns as they are. */
function unshifted({ w, b, shift }: Affine): Affine {
  if (shift === undefined) return { w, b };
  const moved = b.data.slice();
  for (let k = 0; k < w.data.length; k++) {
    moved[k % w.columns] -= shift.data[Math.floor(k / w.columns)] * w.data[k];
  }
  return { w, b: new FlatMatrix(1, w.columns, moved) };
}

/** Sums Σ x rᵀ and Σ r as those of shifted columns. */
function reshifted(
  { w, b }: { readonly w: FlatMatrix; readonly b: FlatMatrix },
  shift: FlatMatrix | undefined,
): { w: FlatMatrix; b: FlatMatrix } {
  if (shift === undefined) return { w, b };
  const moved = w.data.map(
    (sum, k) => sum - shift.data[Math.floor(k / w.columns)] * b.data[k % w.columns],
  );
  return { w: new FlatMatrix(w.rows, w.columns, moved), b };
}

/** Means and deviations, the zeros counted and not visited; every value is finite already. */
function momentsOfSparse(x: SparseMatrix, centred: boolean): Moments {
  const { rows, columns, values, columnsOf } = x;
  const count = new Float64Array(columns);
  const low = new Float64Array(columns).fill(Infinity);
  const high = new Float64Array(columns).fill(-Infinity);
  const shift = new Float64Array(columns);
  values.forEach((value, k) => {
    const j = columnsOf[k];
    count[j]++;
    low[j] = Math.min(low[j], value);
    high[j] = Math.max(high[j], value);
    if (centred) shift[j] += value / rows;
  });
  const largest = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    if (count[j] < rows) [low[j], high[j]] = [Math.min(0, low[j]), Math.max(0, high[j])];
    if (centred && low[j] === high[j]) shift[j] = low[j];
    largest[j] = Math.max(high[j] - shift[j], shift[j] - low[j]);
  }
  const squares = Float64Array.from(shift, (s, j) =>
    largest[j] > 0 ? (rows - count[j]) * (s / largest[j]) ** 2 : 0,
  );
  values.forEach((value, k) => {
    const j = columnsOf[k];
    if (largest[j] > 0) squares[j] += ((value - shift[j]) / largest[j]) ** 2;
  });
  const scale = squares.map((sum, j) => (sum > 0 ? largest[j] * Math.sqrt(sum / rows) : 1));
  return { shift, scale, finite: true };
}
