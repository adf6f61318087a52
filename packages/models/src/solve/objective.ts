import { FlatMatrix } from '@steepest/autodiff';
import { type Asking, got } from '@steepest/ground';
import type { Params } from '../families/batch.ts';
import { freeScores, type Problem } from '../families/problem.ts';
import { cholesky, type Factor, triangular } from './factor.ts';
import type { Moments } from './moments.ts';
import type { Affine } from './row-sums.ts';
import { addRoot, lowerRoot, type Sums, unitOf } from './sums.ts';

/** A value and its gradient in the solver's coordinates. */
export interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** What the slope of a mean grows by for each unit of its score: 1/4 at most for probabilities. */
const usualCurvature = 0.25;

/**
 * Scales by which the curvature is about the same in every column: that of the rows, c σ², and the
 * penalty's, which outweighs it in columns that hardly vary. By deviations alone, a penalty of 0.01 on
 * columns of which some are nearly constant takes ten times as many steps.
 */
function balanced({ scale, ...rest }: Moments, l2: number): Moments {
  if (l2 === 0) return { scale, ...rest };
  return {
    ...rest,
    scale: scale.map((deviation) => Math.hypot(deviation, Math.sqrt(l2 / usualCurvature))),
  };
}

/**
 * A problem in coordinates that no unit changes: columns of mean 0 and curvature alike, and of the scores of
 * K classes the K − 1 differences from the first. A point holds, row by row, the intercepts (where there
 * are any) and the coefficients of each column. Everything follows from sums over the rows, which are
 * asked of wherever the rows are.
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
  readonly #given: Moments;
  /** The moments, with scales that weigh the penalty too. */
  readonly #moments: Moments;
  #shift: FlatMatrix | undefined;
  readonly #sums: Sums;
  #last: { readonly theta: Float64Array; readonly slope: Slope } | undefined;

  constructor(problem: Problem, sums: Sums, moments: Moments) {
    this.problem = problem;
    this.#sums = sums;
    this.#given = moments;
    this.#moments = balanced(moments, problem.l2);
    this.#columns = sums.columns;
    this.#outputs = problem.outputs;
    this.#free = freeScores(problem);
    this.#first = problem.intercept ? 1 : 0;
    this.rows = sums.rows;
    this.size = (this.#columns + this.#first) * this.#free;
    const { shift, scale } = moments;
    // Only columns far from 0 are shifted entry by entry: for others sums of products keep their digits.
    const far = shift.some((mean, j) => Math.abs(mean) > 10 * scale[j]);
    this.#shift = far ? new FlatMatrix(1, this.#columns, shift) : undefined;
  }

  /** The same problem over other rows, in the same coordinates. */
  on(sums: Sums): Objective {
    return new Objective(this.problem, sums, this.#given);
  }

  /** Coordinates of each score. */
  get sizeApart(): number {
    return this.size / this.#free;
  }

  /** Work of the curvature, in multiplications: what decides how to solve. */
  get work(): number {
    return this.rows * this.size ** 2;
  }

  /** The value and gradient; those of the point asked for last are at hand. */
  *at(theta: Float64Array): Asking<Slope> {
    if (this.#last?.theta.every((value, k) => value === theta[k])) return this.#last.slope;
    const slope = yield* this.#slope(theta);
    this.#last = { theta: theta.slice(), slope };
    return slope;
  }

  *#slope(theta: Float64Array): Asking<Slope> {
    const at = this.#affine(theta);
    const { value, gradient } = yield* got(this.#sums.gradient(at));
    let squares = 0;
    for (const entry of at.w.data) squares += entry ** 2;
    return {
      value: value / this.rows + (this.problem.l2 / 2) * squares,
      gradient: this.#mean(gradient, at),
    };
  }

  /** The mean of a derivative over the rows, with the penalty's, as one by a point. */
  #mean({ w, b }: { readonly w: FlatMatrix; readonly b: FlatMatrix }, { w: of }: Affine) {
    const { l2 } = this.problem;
    const { columns: outputs } = w;
    return this.#covector(
      new FlatMatrix(
        w.rows,
        outputs,
        w.data.map((sum, k) => sum / this.rows + l2 * of.data[k]),
      ),
      new FlatMatrix(
        1,
        outputs,
        b.data.map((sum) => sum / this.rows),
      ),
    );
  }

  /**
   * H, ready to solve with: by Cholesky's method, or from rows √h · x where that would square too much.
   * Ill-conditioned columns are shifted entry by entry from then on, slopes too: ask for those after it.
   */
  *factor(theta: Float64Array): Asking<Factor | undefined> {
    const factor = yield* this.#factor(theta);
    if (factor === undefined) return undefined;
    if (factor.spread < 1e4 || this.#shift !== undefined || this.#first === 0) return factor;
    this.#shift = new FlatMatrix(1, this.#columns, this.#moments.shift);
    this.#last = undefined;
    return yield* this.#factor(theta);
  }

  *#factor(theta: Float64Array): Asking<Factor | undefined> {
    const h = yield* this.#curvature(theta);
    return cholesky(h, this.size) ?? (yield* this.#triangular(theta));
  }

  /** H v. */
  *along(theta: Float64Array, v: Float64Array): Asking<Float64Array> {
    const direction = this.#affine(v);
    const sums = yield* got(this.#sums.along(this.#affine(theta), direction));
    return this.#mean(sums, direction);
  }

  /** By how much a step moves the score of the row that it moves most. */
  farthest(step: Float64Array): Asking<number> {
    return got(this.#sums.farthest(this.#affine(step)));
  }

  /** A point as the sums take it. */
  affine(theta: Float64Array): Affine {
    return this.#affine(theta);
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

  /** The gradient by the problem's parameters, of which this is that by the point: w d×K and b 1×K. */
  gradientOf(gradient: Float64Array): { readonly w: Float64Array; readonly b: Float64Array } {
    const [free, first, outputs] = [this.#free, this.#first, this.#outputs];
    const { scale, shift: mean } = this.#moments;
    const skip = outputs - free;
    const b = new Float64Array(first * outputs);
    const w = new Float64Array(this.#columns * outputs);
    const put = (to: Float64Array, row: number, slopes: (f: number) => number) => {
      for (let f = 0; f < free; f++) {
        const slope = slopes(f);
        to[row * outputs + f + skip] = slope;
        // The slopes of all classes add up to 0.
        if (skip === 1) to[row * outputs] -= slope;
      }
    };
    if (first === 1) put(b, 0, (f) => gradient[f]);
    for (let j = 0; j < this.#columns; j++) {
      put(w, j, (f) => {
        const own = gradient[(j + first) * free + f] * scale[j];
        return first === 1 ? own + mean[j] * gradient[f] : own;
      });
    }
    return { w, b };
  }

  /**
   * With the intercepts at their best, the objective at a point with this gradient is at most so much above
   * its least: ‖∂f/∂w‖²/(2 l2); Infinity without a penalty.
   */
  gap(gradient: Float64Array): number {
    const { l2 } = this.problem;
    if (l2 === 0) return Infinity;
    return this.gradientOf(gradient).w.reduce((sum, slope) => sum + slope * slope, 0) / (2 * l2);
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

  *#curvature(theta: Float64Array): Asking<Float64Array> {
    const [p, free] = [this.size, this.#free];
    const scores = Array.from({ length: free }, (_, f) => f);
    const pairs = scores.flatMap((f) => scores.slice(f).map((g) => [f, g] as const));
    const blocks = yield* this.#blocks(theta, pairs);
    const h = new Float64Array(p * p);
    const m = p / free;
    for (const [k, [f, g]] of pairs.entries()) {
      // A block is symmetric, its mirror image belongs to (g, f).
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < m; j++) {
          h[(i * free + f) * p + j * free + g] = blocks[k][i * m + j];
          h[(j * free + g) * p + i * free + f] = blocks[k][i * m + j];
        }
      }
    }
    return h;
  }

  /**
   * H of each score by itself, ready to solve with: what preconditions a solution by products. Undefined
   * where one of them has no curvature in some direction.
   */
  *apart(theta: Float64Array): Asking<((v: Float64Array) => Float64Array) | undefined> {
    const [p, free] = [this.size, this.#free];
    const m = p / free;
    const pairs = Array.from({ length: free }, (_, f) => [f, f] as const);
    const blocks = yield* this.#blocks(theta, pairs);
    const factors = blocks.map((block) => cholesky(block, m));
    if (factors.some((factor) => factor === undefined || factor.flat > 0)) return undefined;
    return (v) => {
      const result = new Float64Array(p);
      factors.forEach((factor, f) => {
        const solved = (factor as Factor).solve(
          Float64Array.from({ length: m }, (_, i) => v[i * free + f]),
        );
        for (let i = 0; i < m; i++) result[i * free + f] = solved[i];
      });
      return result;
    };
  }

  /** The second derivatives by the points of two scores each, (intercept and columns)². */
  *#blocks(
    theta: Float64Array,
    pairs: readonly (readonly [f: number, g: number])[],
  ): Asking<Float64Array[]> {
    const [d, first, outputs] = [this.#columns, this.#first, this.#outputs];
    const skip = outputs - this.#free;
    const m = d + first;
    const { scale } = this.#moments;
    const mean = this.#rest;
    const { l2 } = this.problem;
    const found = yield* got(
      this.#sums.curvature(
        this.#affine(theta),
        pairs.map(([f, g]) => ({
          a: unitOf(1, outputs, f + skip),
          c: unitOf(outputs, 1, g + skip),
        })),
      ),
    );
    return pairs.map(([f, g], k) => {
      const [ww, wb, bb] = [found[k].ww.data, found[k].wb.data, found[k].bb.data[0]];
      const block = new Float64Array(m * m);
      const put = (i: number, j: number, value: number) => {
        block[i * m + j] = value / this.rows;
      };
      if (first === 1) put(0, 0, bb);
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
      const share = (f === g ? 1 : 0) - (skip > 0 ? 1 / outputs : 0);
      for (let j = first; j < m && l2 > 0; j++) {
        block[j * m + j] += (l2 * share) / scale[j - first] ** 2;
      }
      return block;
    });
  }

  /** From R of the rows √(H/n) ⊗ (1, x), and √l2 of the penalty; undefined where rows cannot be seen. */
  *#triangular(theta: Float64Array): Asking<Factor | undefined> {
    if (this.#sums.root === undefined) return undefined;
    const { scale } = this.#moments;
    const qr = yield* got(this.#sums.root(this.#affine(theta), this.#moments));
    const [free, skip] = [this.#free, this.#outputs - this.#free];
    const { l2 } = this.problem;
    if (l2 === 0) return triangular(qr.r());
    const root = new Float64Array(free * free);
    lowerRoot(
      root,
      free,
      (f, g) => l2 * ((f === g ? 1 : 0) - (skip === 0 ? 0 : 1 / this.#outputs)),
    );
    for (let j = 0; j < this.#columns; j++) {
      addRoot(qr, root, free, (k) => (k === j + this.#first ? 1 / scale[j] : 0));
    }
    return triangular(qr.r());
  }
}
