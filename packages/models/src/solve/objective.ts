import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import type { Batch, Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import { RowwiseQr } from './block-qr.ts';
import { cholesky, type Factor, triangular } from './factor.ts';
import type { Moments } from './moments.ts';
import { type Affine, type Block, type RowSums, rowSums } from './row-sums.ts';

/** A value and its gradient in the solver's coordinates. */
export interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

/**
 * A problem in coordinates that no unit changes: columns of mean 0 and deviation 1, and of the scores of
 * K classes the K − 1 differences from the first. A point holds, row by row, the intercepts (where there
 * are any) and the coefficients of each column. Everything is a sum over blocks of rows, which are
 * gone through anew for each question: they may be made on the way, as from a file.
 */
export class Objective {
  readonly problem: Problem;
  readonly size: number;
  readonly rows: number;
  readonly #columns: number;
  /** Scores that are free: 1, or K − 1. */
  readonly #free: number;
  readonly #outputs: number;
  readonly #first: number;
  readonly #moments: Moments;
  #shift: FlatMatrix | undefined;
  readonly #blocks: Iterable<Block>;
  readonly #sums: RowSums;
  #last: { readonly theta: Float64Array; readonly slope: Slope } | undefined;

  constructor(problem: Problem, blocks: Iterable<Block>, rows: number, moments: Moments) {
    this.problem = problem;
    this.#blocks = blocks;
    this.#moments = moments;
    this.#columns = moments.shift.length;
    this.#outputs = problem.outputs;
    this.#free = problem.family.perClass ? problem.outputs - 1 : 1;
    this.#first = problem.intercept ? 1 : 0;
    this.rows = rows;
    this.size = (this.#columns + this.#first) * this.#free;
    this.#sums = rowSums(problem.family, this.rows * this.size ** 2 > 2e5);
    const { shift, scale } = moments;
    // Only columns far from 0 are shifted entry by entry: for others sums of products keep their digits.
    const far = shift.some((mean, j) => Math.abs(mean) > 10 * scale[j]);
    this.#shift = far ? new FlatMatrix(1, this.#columns, shift) : undefined;
  }

  /** Work of the curvature, in multiplications: what decides how to solve. */
  get work(): number {
    return this.rows * this.size ** 2;
  }

  /** The value and gradient; those of the point asked for last are at hand. */
  at(theta: Float64Array): Slope {
    if (this.#last?.theta.every((value, k) => value === theta[k])) return this.#last.slope;
    const slope = this.#slope(theta);
    this.#last = { theta: theta.slice(), slope };
    return slope;
  }

  #slope(theta: Float64Array): Slope {
    const at = this.#affine(theta);
    let value = 0;
    const w = new FlatMatrix(this.#columns, this.#outputs);
    const b = new FlatMatrix(1, this.#outputs);
    for (const block of this.#blocks) {
      const sums = this.#sums.gradient(at, block);
      value += sums.value;
      addTo(w.data, sums.gradient.w.data);
      addTo(b.data, sums.gradient.b.data);
    }
    const { l2 } = this.problem;
    let squares = 0;
    for (let k = 0; k < w.data.length; k++) {
      w.data[k] = w.data[k] / this.rows + l2 * at.w.data[k];
      squares += at.w.data[k] ** 2;
    }
    for (let k = 0; k < b.data.length; k++) b.data[k] /= this.rows;
    return { value: value / this.rows + (l2 / 2) * squares, gradient: this.#covector(w, b) };
  }

  /**
   * H, ready to solve with: by Cholesky's method, or from rows √h · x where that would square too much.
   * Ill-conditioned columns are shifted entry by entry from then on, slopes too: ask for those after it.
   */
  factor(theta: Float64Array): Factor {
    const factor = this.#factor(theta);
    if (factor.spread < 1e4 || this.#shift !== undefined || this.#first === 0) return factor;
    this.#shift = new FlatMatrix(1, this.#columns, this.#moments.shift);
    this.#last = undefined;
    return this.#factor(theta);
  }

  #factor(theta: Float64Array): Factor {
    const h = this.#curvature(theta);
    return cholesky(h, this.size) ?? triangular(this.#root(theta));
  }

  /** H v. */
  along(theta: Float64Array, v: Float64Array): Float64Array {
    const at = this.#affine(theta);
    const direction = this.#affine(v);
    const w = new FlatMatrix(this.#columns, this.#outputs);
    const b = new FlatMatrix(1, this.#outputs);
    for (const block of this.#blocks) {
      const sums = this.#sums.along({ ...at, v: direction }, block);
      addTo(w.data, sums.w.data);
      addTo(b.data, sums.b.data);
    }
    const { l2 } = this.problem;
    for (let k = 0; k < w.data.length; k++) {
      w.data[k] = w.data[k] / this.rows + l2 * direction.w.data[k];
    }
    for (let k = 0; k < b.data.length; k++) b.data[k] /= this.rows;
    return this.#covector(w, b);
  }

  /** By how much a step moves the score of the row that it moves most. */
  farthest(step: Float64Array): number {
    const at = this.#affine(step);
    let most = 0;
    for (const { x } of this.#blocks) {
      const moved = this.#sums.farthest(at, { x }).data[0];
      if (!(moved <= most)) most = moved;
    }
    return most;
  }

  /** What is predicted for a block's rows, offset and all. */
  means(theta: Float64Array, { x, offset }: Block): FlatMatrix {
    return this.#sums.means(this.#affine(theta), { x, ...(offset && { offset }) });
  }

  /** A point as the problem's parameters: w for the columns as they are. */
  params(theta: Float64Array): Params {
    const { w, b } = this.#affine(theta, true);
    if (!this.problem.intercept) b.data.fill(0);
    return { w, b: this.problem.family.perClass ? b : b.data[0] };
  }

  /** The problem's parameters as a point. */
  point({ w, b }: Params): Float64Array {
    const theta = new Float64Array(this.size);
    const [outputs, free, first] = [this.#outputs, this.#free, this.#first];
    const { shift: mean } = this.#moments;
    const { scale } = this.#moments;
    const intercepts = Float64Array.from(typeof b === 'number' ? [b] : b.data);
    for (let j = 0; j < this.#columns; j++) {
      for (let k = 0; k < outputs; k++) intercepts[k] += mean[j] * w.data[j * outputs + k];
      for (let f = 0; f < free; f++) {
        const reference = free === outputs ? 0 : w.data[j * outputs];
        theta[(j + first) * free + f] =
          scale[j] * (w.data[j * outputs + f + (outputs - free)] - reference);
      }
    }
    for (let f = 0; f < free && first === 1; f++) {
      theta[f] = intercepts[f + (outputs - free)] - (free === outputs ? 0 : intercepts[0]);
    }
    return theta;
  }

  /** The gradient by the problem's parameters, of which this is that by the point. */
  gradientOf(gradient: Float64Array): { readonly w: Float64Array; readonly b: Float64Array } {
    const [free, first] = [this.#free, this.#first];
    const { scale } = this.#moments;
    const b = gradient.slice(0, first * free);
    const w = gradient.slice(first * free);
    const { shift: mean } = this.#moments;
    for (let j = 0; j < this.#columns; j++) {
      for (let f = 0; f < free; f++) {
        w[j * free + f] = w[j * free + f] / scale[j] + (first === 1 ? mean[j] * b[f] : 0);
      }
    }
    return { w, b };
  }

  /** w and b of the columns as the sums see them (or as they are); of K classes those with mean 0. */
  #affine(theta: Float64Array, asTheyAre: boolean = this.#shift === undefined): Affine {
    const [outputs, free, first] = [this.#outputs, this.#free, this.#first];
    const w = new FlatMatrix(this.#columns, outputs);
    const b = new FlatMatrix(1, outputs);
    const spread = (from: number, to: Float64Array, at: number, scale: number) => {
      let mean = 0;
      if (free < outputs) for (let f = 0; f < free; f++) mean += theta[from + f] / outputs;
      for (let f = 0; f < free; f++)
        to[at + f + (outputs - free)] = (theta[from + f] - mean) / scale;
      if (free < outputs) to[at] = -mean / scale;
    };
    if (first === 1) spread(0, b.data, 0, 1);
    const { shift, scale } = this.#moments;
    for (let j = 0; j < this.#columns; j++) {
      spread((j + first) * free, w.data, j * outputs, scale[j]);
    }
    for (let k = 0; k < w.data.length && asTheyAre && first === 1; k++) {
      b.data[k % outputs] -= shift[Math.floor(k / outputs)] * w.data[k];
    }
    return { w, b, ...(this.#shift && { shift: this.#shift }) };
  }

  /** What of the shift the sums have not taken off yet. */
  get #rest(): Float64Array {
    return this.#shift === undefined ? this.#moments.shift : new Float64Array(this.#columns);
  }

  /** Derivatives by w and b as those by a point: with scores that sum to 0, the free ones' own. */
  #covector(w: FlatMatrix, b: FlatMatrix): Float64Array {
    const [outputs, free, first] = [this.#outputs, this.#free, this.#first];
    const result = new Float64Array(this.size);
    const { scale } = this.#moments;
    const skip = outputs - free;
    const mean = this.#rest;
    for (let f = 0; f < free && first === 1; f++) result[f] = b.data[f + skip];
    for (let j = 0; j < this.#columns; j++) {
      for (let f = 0; f < free; f++) {
        const shifted = w.data[j * outputs + f + skip] - mean[j] * b.data[f + skip];
        result[(j + first) * free + f] = shifted / scale[j];
      }
    }
    return result;
  }

  #curvature(theta: Float64Array): Float64Array {
    const [p, d, free, first] = [this.size, this.#columns, this.#free, this.#first];
    const at = this.#affine(theta);
    const skip = this.#outputs - free;
    const { scale } = this.#moments;
    const { l2 } = this.problem;
    const h = new Float64Array(p * p);
    for (let f = 0; f < free; f++) {
      for (let g = f; g < free; g++) {
        const a = unitOf(1, this.#outputs, f + skip);
        const c = unitOf(this.#outputs, 1, g + skip);
        const ww = new Float64Array(d * d);
        const wb = new Float64Array(d);
        let bb = 0;
        for (const block of this.#blocks) {
          const sums = this.#sums.curvature({ ...at, a, c }, block);
          addTo(ww, sums.ww.data);
          addTo(wb, sums.wb.data);
          bb += sums.bb.data[0];
        }
        const put = (i: number, j: number, value: number) => {
          h[(i * free + f) * p + j * free + g] = value / this.rows;
          h[(j * free + g) * p + i * free + f] = value / this.rows;
        };
        if (first === 1) put(0, 0, bb);
        // Σ over all pairs (i, j): the block is symmetric, its mirror image belongs to (g, f).
        const mean = this.#rest;
        for (let i = 0; i < d; i++) {
          const fromMean = wb[i] - mean[i] * bb;
          if (first === 1) {
            put(0, i + 1, fromMean / scale[i]);
            put(i + 1, 0, fromMean / scale[i]);
          }
          for (let j = 0; j < d; j++) {
            const product = ww[i * d + j] - mean[i] * wb[j] - fromMean * mean[j];
            put(i + first, j + first, product / (scale[i] * scale[j]));
          }
        }
        const share = (f === g ? 1 : 0) - (free < this.#outputs ? 1 / this.#outputs : 0);
        for (let j = 0; j < d && l2 > 0; j++) {
          const penalty = (l2 * share) / scale[j] ** 2;
          const [row, column] = [(j + first) * free + f, (j + first) * free + g];
          h[row * p + column] += penalty;
          if (f !== g) h[column * p + row] += penalty;
        }
      }
    }
    return h;
  }

  /** R of the rows √(H/n) ⊗ (1, x), H the row's curvature by its free scores, and √l2 of the penalty. */
  #root(theta: Float64Array): ReturnType<RowwiseQr['r']> {
    const at = this.#affine(theta);
    const [d, first, free, outputs] = [this.#columns, this.#first, this.#free, this.#outputs];
    const { scale, shift: mean } = this.#moments;
    const skip = outputs - free;
    const qr = new RowwiseQr(this.size);
    const root = new Float64Array(free * free);
    const put = (x: (j: number) => number) => {
      for (let g = 0; g < free; g++) {
        qr.add((k) => root[(k % free) * free + g] * x(Math.floor(k / free)));
      }
    };
    for (const block of this.#blocks) {
      const { data, rows } = block.x;
      const h = Array.from(
        { length: free },
        (_, f) => this.#sums.rows({ ...at, a: unitOf(1, outputs, f + skip) }, block).data,
      );
      for (let i = 0; i < rows; i++) {
        lowerRoot(root, free, (f, g) => h[g][i * outputs + f + skip] / this.rows);
        put((j) =>
          j < first ? 1 : (data[i * d + j - first] - mean[j - first]) / scale[j - first],
        );
      }
    }
    const { l2 } = this.problem;
    if (l2 === 0) return qr.r();
    lowerRoot(root, free, (f, g) => l2 * ((f === g ? 1 : 0) - (skip === 0 ? 0 : 1 / outputs)));
    for (let j = 0; j < d; j++) put((k) => (k === j + first ? 1 / scale[j] : 0));
    return qr.r();
  }
}

/** L of H = L Lᵀ for a small positive semidefinite H; a column without a pivot is 0. */
function lowerRoot(l: Float64Array, size: number, h: (f: number, g: number) => number): void {
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

function unitOf(rows: number, columns: number, at: number): FlatMatrix {
  const unit = new FlatMatrix(rows, columns);
  unit.data[at] = 1;
  return unit;
}

function addTo(sum: Float64Array, part: Float64Array): void {
  for (let k = 0; k < sum.length; k++) sum[k] += part[k];
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
