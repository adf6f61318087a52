import { FlatMatrix } from '@steepest/autodiff';
import { type CompileOptions, pin } from '@steepest/compile';
import type { Problem } from '../families/problem.ts';
import type { Moments } from '../solve/moments.ts';
import { type Affine, type Block, type RowSums, rowSums } from '../solve/row-sums.ts';
import { unitOf } from '../solve/sums.ts';
import type { Curvature, Point, Slope, Smooth } from './point.ts';
import { type RowPass, rowPass } from './row-pass.ts';

/** The curvature of so many multiplications is never taken from some of the rows. */
const cheap = 4e6;

/** The mean loss by passes over rows as they lie, compiled where there are many of them. */
export class RowsSmooth implements Smooth {
  readonly columns: number;
  readonly outputs: number;
  readonly intercept: boolean;
  readonly #block: Block;
  readonly #moments: Moments;
  readonly #shift: FlatMatrix | undefined;
  /** What of the means is not shifted entry by entry. */
  readonly #rest: Float64Array;
  readonly #pass: RowPass;
  readonly #sums: RowSums;
  readonly #some: Block | undefined;
  readonly #decrements: boolean;

  constructor(
    { family, intercept, outputs }: Problem,
    block: Block,
    moments: Moments,
    threads?: CompileOptions['threads'],
  ) {
    const { shift, scale } = moments;
    this.columns = shift.length;
    this.outputs = outputs;
    this.intercept = intercept;
    this.#block = block;
    this.#moments = moments;
    const far = shift.some((mean, j) => Math.abs(mean) > 10 * scale[j]);
    this.#shift = far ? new FlatMatrix(1, this.columns, shift) : undefined;
    this.#rest = far ? new Float64Array(this.columns) : shift;
    const work = block.x.rows * this.columns ** 2 * outputs;
    const fast = work > 2e5;
    this.#pass = rowPass(family, fast, threads);
    this.#sums = rowSums(family, fast);
    this.#decrements = family.decrement !== undefined;
    this.#some = work * outputs > cheap ? someOf(block, this.columns * outputs) : undefined;
    pin(block);
  }

  slope(at: Point): Slope {
    const sums = this.#pass(this.#affine(at), this.#block);
    const { w, b } = sums.gradient;
    const { rows } = this.#block.x;
    const k = this.outputs;
    const { scale } = this.#moments;
    const byW = new Float64Array(this.columns * k);
    for (let j = 0; j < this.columns; j++) {
      for (let f = 0; f < k; f++) {
        const i = j * k + f;
        byW[i] = (w.data[i] - this.#rest[j] * b.data[f]) / (scale[j] * rows);
      }
    }
    return {
      value: sums.value / rows,
      w: byW,
      b: b.data.map((value) => value / rows),
      decrement: this.#decrements ? sums.decrement.data[0] / rows : undefined,
    };
  }

  curvature(at: Point, chosen: Int32Array, roughly: boolean): Curvature {
    const some = roughly ? this.#some : undefined;
    const block = some ?? this.#block;
    const total = block.weights?.data.reduce((sum, weight) => sum + weight, 0) ?? block.x.rows;
    const [k, d] = [this.outputs, this.columns];
    const affine = this.#affine(at);
    const { scale } = this.#moments;
    const mean = this.#rest;
    const size = k + chosen.length;
    const matrix = new Float64Array(size * size);
    for (let f = 0; f < k; f++) {
      for (let g = f; g < k; g++) {
        const [a, c] = [unitOf(1, k, f), unitOf(k, 1, g)];
        const { ww, wb, bb } = this.#sums.curvature({ ...affine, a, c }, block);
        const whole = bb.data[0];
        const put = (i: number, j: number, value: number) => {
          matrix[i * size + j] = value / total;
          matrix[j * size + i] = value / total;
        };
        put(f, g, this.intercept ? whole : 0);
        const from = (j: number) => (wb.data[j] - mean[j] * whole) / scale[j];
        for (let r = 0; r < chosen.length; r++) {
          const i = Math.floor(chosen[r] / k);
          const output = chosen[r] % k;
          if (this.intercept && output === f) put(k + r, g, from(i));
          if (this.intercept && output === g) put(k + r, f, from(i));
          if (output !== f) continue;
          for (let s = 0; s < chosen.length; s++) {
            if (chosen[s] % k !== g || (f === g && s < r)) continue;
            const j = Math.floor(chosen[s] / k);
            const product =
              ww.data[i * d + j] - mean[i] * wb.data[j] - from(i) * scale[i] * mean[j];
            put(k + r, k + s, product / (scale[i] * scale[j]));
          }
        }
      }
    }
    return { matrix, exact: some === undefined };
  }

  farthest(step: Point): number {
    return this.#sums.farthest(this.#affine(step), { x: this.#block.x }).data[0];
  }

  #affine({ w, b }: Point): Affine {
    const k = this.outputs;
    const { scale } = this.#moments;
    const ws = new FlatMatrix(this.columns, k);
    const bs = new FlatMatrix(1, k, b.slice());
    for (let j = 0; j < this.columns; j++) {
      for (let f = 0; f < k; f++) {
        const value = w[j * k + f] / scale[j];
        ws.data[j * k + f] = value;
        bs.data[f] -= this.#rest[j] * value;
      }
    }
    return { w: ws, b: bs, ...(this.#shift && { shift: this.#shift }) };
  }
}

/** Some rows, evenly spread, whose curvature costs about as much as one gradient of all. */
function someOf(block: Block, size: number): Block | undefined {
  const { rows, columns } = block.x;
  const wanted = Math.max(4000, 60 * size, Math.ceil((6 * rows) / (6 + size)));
  if (2 * wanted > rows) return undefined;
  const picked = Int32Array.from({ length: wanted }, (_, i) =>
    Math.floor(((i + 0.5) * rows) / wanted),
  );
  const taken = (from: FlatMatrix): FlatMatrix => {
    const width = from.columns;
    const to = new FlatMatrix(wanted, width);
    picked.forEach((row, i) => {
      to.data.set(from.data.subarray(row * width, (row + 1) * width), i * width);
    });
    return to;
  };
  if (columns === 0) return undefined;
  const { x, y, weights, offset } = block;
  return pin({
    x: taken(x),
    y: taken(y),
    ...(weights && { weights: taken(weights) }),
    ...(offset && { offset: taken(offset) }),
  });
}
