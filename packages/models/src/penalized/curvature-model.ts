import { FlatMatrix } from '@steepest/autodiff';
import { coordinateDescent } from '@steepest/optim';
import type { Point, Slope } from './point.ts';
import { type Strengths, strengthsOf } from './strengths.ts';

/**
 * The quadratic that a proximal Newton step minimizes, over the intercepts and the chosen coordinates;
 * what slopes along the way say of the curvature is kept in it (the update of Broyden, Fletcher, Goldfarb and
 * Shanno).
 */
export class CurvatureModel {
  readonly chosen: Int32Array;
  readonly #outputs: number;
  readonly #h: Float64Array;
  /** The intercepts that are free: all but the first of several, whose sum is open. */
  readonly #free: readonly number[];

  constructor(h: Float64Array, chosen: Int32Array, outputs: number, intercept: boolean) {
    this.#h = h;
    this.chosen = chosen;
    this.#outputs = outputs;
    const first = outputs === 1 ? 0 : 1;
    this.#free = intercept ? Array.from({ length: outputs - first }, (_, k) => k + first) : [];
  }

  /** The point that minimizes the model about `at` with the penalties; other coordinates stay. */
  target(at: Point, slope: Slope, strengths: Strengths, tolerance: number): Point {
    const [k, m] = [this.#outputs, this.chosen.length];
    const size = k + m;
    const h = this.#h;
    const gram = new FlatMatrix(m, m);
    for (let r = 0; r < m; r++) {
      gram.data.set(h.subarray((k + r) * size + k, (k + r + 1) * size), r * m);
    }
    const g = Float64Array.from(this.chosen, (j) => slope.w[j]);
    // The intercepts at their best for any w: S = H_ww − H_wb H_bb⁻¹ H_bw.
    const free = this.#free;
    const f = free.length;
    const inverse = inverseOf(
      free.flatMap((a) => free.map((b) => h[a * size + b])),
      f,
    );
    const gains = free.map((_, a) => {
      const gain = new Float64Array(m);
      for (let c = 0; c < f; c++) {
        for (let r = 0; r < m; r++) gain[r] += inverse[a * f + c] * h[free[c] * size + k + r];
      }
      return gain;
    });
    free.forEach((b, a) => {
      const gain = gains[a];
      for (let r = 0; r < m; r++) {
        const across = h[b * size + k + r];
        g[r] -= gain[r] * slope.b[b];
        if (across === 0) continue;
        for (let s = 0; s < m; s++) gram.data[r * m + s] -= across * gain[s];
      }
    });
    const start = Float64Array.from(this.chosen, (j) => at.w[j]);
    const linear = g.map((value, r) => {
      let sum = -value;
      for (let s = 0; s < m; s++) sum += gram.data[r * m + s] * start[s];
      return sum;
    });
    const { w } = coordinateDescent({
      gram,
      linear,
      start,
      ...strengthsOf(strengths, this.chosen),
      sweeps: 2000,
      tolerance: Math.max(tolerance, 1e-13 * largestOf(linear), Number.MIN_VALUE),
    });
    const target = { w: at.w.slice(), b: at.b.slice() };
    this.chosen.forEach((j, r) => {
      target.w[j] = w[r];
    });
    free.forEach((b, a) => {
      let change = 0;
      for (let c = 0; c < f; c++) change -= inverse[a * f + c] * slope.b[free[c]];
      for (let r = 0; r < m; r++) change -= gains[a][r] * (w[r] - start[r]);
      target.b[b] += change;
    });
    return target;
  }

  /** Half the squared Newton decrement by the intercepts and the coordinates without any penalty. */
  freeDecrement(slope: Slope, { l1, l2, groups }: Strengths): number {
    const k = this.#outputs;
    const size = k + this.chosen.length;
    const grouped = new Set(groups.flatMap(({ members }) => Array.from(members)));
    const places = [...this.#free];
    const g = places.map((b) => slope.b[b]);
    this.chosen.forEach((j, r) => {
      const own = this.#h[(k + r) * size + k + r];
      if (l1[j] > 0 || l2[j] > 0 || grouped.has(j) || !(own > 0)) return;
      places.push(k + r);
      g.push(slope.w[j]);
    });
    const n = places.length;
    const inverse = inverseOf(
      places.flatMap((a) => places.map((b) => this.#h[a * size + b])),
      n,
    );
    let total = 0;
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) total += g[a] * inverse[a * n + b] * g[b];
    return total / 2;
  }

  /** Learns from the slopes at both ends of a step. */
  learn(from: Point, slopeFrom: Slope, to: Point, slopeTo: Slope): void {
    const k = this.#outputs;
    const size = k + this.chosen.length;
    const s = new Float64Array(size);
    const y = new Float64Array(size);
    for (const b of this.#free) {
      s[b] = to.b[b] - from.b[b];
      y[b] = slopeTo.b[b] - slopeFrom.b[b];
    }
    this.chosen.forEach((j, r) => {
      s[k + r] = to.w[j] - from.w[j];
      y[k + r] = slopeTo.w[j] - slopeFrom.w[j];
    });
    const h = this.#h;
    const hs = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      if (s[i] === 0) continue;
      for (let j = 0; j < size; j++) hs[j] += s[i] * h[i * size + j];
    }
    let [sy, shs] = [0, 0];
    for (let i = 0; i < size; i++) {
      sy += s[i] * y[i];
      shs += s[i] * hs[i];
    }
    if (!(shs > 0 && sy > 1e-6 * shs)) return;
    for (let i = 0; i < size; i++) {
      const [a, b] = [y[i] / sy, hs[i] / shs];
      if (a === 0 && b === 0) continue;
      for (let j = 0; j < size; j++) h[i * size + j] += a * y[j] - b * hs[j];
    }
  }
}

function largestOf(x: Float64Array): number {
  return x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The inverse of a small positive definite matrix, by Gauss and Jordan. */
function inverseOf(given: readonly number[], n: number): Float64Array {
  const a = Float64Array.from(given);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k];
    for (let j = 0; j < n; j++) {
      a[k * n + j] /= pivot;
      inverse[k * n + j] /= pivot;
    }
    for (let i = 0; i < n; i++) {
      const factor = a[i * n + k];
      if (i === k || factor === 0) continue;
      for (let j = 0; j < n; j++) {
        a[i * n + j] -= factor * a[k * n + j];
        inverse[i * n + j] -= factor * inverse[k * n + j];
      }
    }
  }
  return inverse;
}
