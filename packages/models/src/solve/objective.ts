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
 * are any) and the coefficients of each column. Everything is a sum over blocks of rows.
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
  readonly #shift: FlatMatrix | undefined;
  readonly #blocks: readonly Block[];
  readonly #sums: RowSums;
  #last: { readonly theta: Float64Array; readonly slope: Slope } | undefined;

  constructor(problem: Problem, blocks: readonly Block[], moments: Moments) {
    this.problem = problem;
    this.#blocks = blocks;
    this.#moments = moments;
    this.#columns = moments.shift.length;
    this.#outputs = problem.outputs;
    this.#free = problem.family.perClass ? problem.outputs - 1 : 1;
    this.#first = problem.intercept ? 1 : 0;
    this.rows = blocks.reduce((total, { x }) => total + x.rows, 0);
    this.size = (this.#columns + this.#first) * this.#free;
    this.#sums = rowSums(problem.family, this.rows * this.size ** 2 > 2e5);
    const { shift, scale } = moments;
    // Columns that are standardized already need no shift, and one pass less.
    const far = shift.some((mean, j) => Math.abs(mean) > 1e-9 * scale[j]);
    this.#shift = far ? new FlatMatrix(1, this.#columns, shift) : undefined;
  }

  /** Work of the curvature, in multiplications: what decides how to solve. */
  get work(): number {
    return this.rows * this.size ** 2;
  }

  get #mean(): Float64Array {
    return this.#shift === undefined ? new Float64Array(this.#columns) : this.#moments.shift;
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

  /** H, ready to solve with: by Cholesky's method, or from rows √h · x where that would square too much. */
  factor(theta: Float64Array): Factor | undefined {
    const h = this.#curvature(theta);
    return cholesky(h, this.size) ?? (this.#free === 1 ? triangular(this.#root(theta)) : undefined);
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

  /** By how much a step moves the score of the row that it moves most, classes against the first. */
  farthest(step: Float64Array): number {
    const at = this.#affine(step);
    let most = 0;
    for (const block of this.#blocks) {
      const { data, columns } = this.#sums.scores(at, { x: block.x });
      for (let i = 0; i < data.length; i += columns) {
        for (let k = columns === 1 ? 0 : 1; k < columns; k++) {
          const moved = Math.abs(data[i + k] - (columns === 1 ? 0 : data[i]));
          if (!(moved <= most)) most = moved;
        }
      }
    }
    return most;
  }

  /** A point as the problem's parameters: w for the columns as they are. */
  params(theta: Float64Array): Params {
    const { w, b } = this.#affine(theta);
    const mean = this.#mean;
    for (let j = 0; j < this.#columns; j++) {
      for (let k = 0; k < this.#outputs; k++) {
        b.data[k] -= mean[j] * w.data[j * this.#outputs + k];
      }
    }
    if (!this.problem.intercept) b.data.fill(0);
    return { w, b: this.problem.family.perClass ? b : b.data[0] };
  }

  /** The problem's parameters as a point. */
  point({ w, b }: Params): Float64Array {
    const theta = new Float64Array(this.size);
    const [outputs, free, first] = [this.#outputs, this.#free, this.#first];
    const mean = this.#mean;
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
    const mean = this.#mean;
    for (let j = 0; j < this.#columns; j++) {
      for (let f = 0; f < free; f++) {
        w[j * free + f] = w[j * free + f] / scale[j] + (first === 1 ? mean[j] * b[f] : 0);
      }
    }
    return { w, b };
  }

  /** w and b of the shifted columns; of K classes those with mean 0. */
  #affine(theta: Float64Array): Affine {
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
    const { scale } = this.#moments;
    for (let j = 0; j < this.#columns; j++) {
      spread((j + first) * free, w.data, j * outputs, scale[j]);
    }
    return { w, b, ...(this.#shift && { shift: this.#shift }) };
  }

  /** Derivatives by w and b as those by a point: with scores that sum to 0, the free ones' own. */
  #covector(w: FlatMatrix, b: FlatMatrix): Float64Array {
    const [outputs, free, first] = [this.#outputs, this.#free, this.#first];
    const result = new Float64Array(this.size);
    const { scale } = this.#moments;
    const skip = outputs - free;
    for (let f = 0; f < free && first === 1; f++) result[f] = b.data[f + skip];
    for (let j = 0; j < this.#columns; j++) {
      for (let f = 0; f < free; f++) {
        result[(j + first) * free + f] = w.data[j * outputs + f + skip] / scale[j];
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
        for (let i = 0; i < d; i++) {
          if (first === 1) {
            put(0, i + 1, wb[i] / scale[i]);
            put(i + 1, 0, wb[i] / scale[i]);
          }
          for (let j = 0; j < d; j++) {
            put(i + first, j + first, ww[i * d + j] / (scale[i] * scale[j]));
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

  /** R of the rows √(h/n) (1, x) and √l2 of the penalty. */
  #root(theta: Float64Array): ReturnType<RowwiseQr['r']> {
    const at = this.#affine(theta);
    const [d, first] = [this.#columns, this.#first];
    const { scale } = this.#moments;
    const mean = this.#mean;
    const qr = new RowwiseQr(this.size);
    for (const block of this.#blocks) {
      const { curvature } = this.#sums.rows(at, block);
      const { data } = block.x;
      for (let i = 0; i < block.x.rows; i++) {
        const root = Math.sqrt(curvature.data[i] / this.rows);
        qr.add((j) =>
          j < first
            ? root
            : (root * (data[i * d + j - first] - mean[j - first])) / scale[j - first],
        );
      }
    }
    const { l2 } = this.problem;
    for (let j = 0; j < d && l2 > 0; j++) {
      qr.add((k) => (k === j + first ? Math.sqrt(l2) / scale[j] : 0));
    }
    return qr.r();
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
