import type { Curvature, Point, Slope, Smooth } from './point.ts';

/**
 * Least squares from sums alone: f(θ) = f₀ + gᵀθ + ½ θᵀHθ with θ the intercept and all coordinates, so that
 * a whole path costs one pass over the rows, or none.
 */
export class GramSmooth implements Smooth {
  readonly columns: number;
  readonly outputs = 1;
  readonly intercept: boolean;
  readonly #start: Slope;
  readonly #gram: Float64Array;
  readonly #farthest: Smooth['farthest'];

  /** `start`: the slope where all is 0; `gram`: the curvature by the intercept and every coordinate. */
  constructor(start: Slope, gram: Float64Array, intercept: boolean, farthest: Smooth['farthest']) {
    this.columns = start.w.length;
    this.intercept = intercept;
    this.#start = start;
    this.#gram = gram;
    this.#farthest = farthest;
  }

  slope({ w, b }: Point): Slope {
    const size = this.columns + 1;
    const theta = new Float64Array(size);
    theta.set(w, 1);
    theta[0] = b[0];
    const slope = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      if (theta[i] === 0) continue;
      const row = i * size;
      for (let j = 0; j < size; j++) slope[j] += theta[i] * this.#gram[row + j];
    }
    const { value, w: byW, b: byB } = this.#start;
    let total = value + theta[0] * (byB[0] + slope[0] / 2);
    for (let j = 0; j < w.length; j++) total += w[j] * (byW[j] + slope[j + 1] / 2);
    return {
      value: total,
      w: byW.map((g, j) => g + slope[j + 1]),
      b: Float64Array.of(byB[0] + slope[0]),
      decrement: 2 * total, // a row's is (t − y)²
    };
  }

  curvature(_at: Point, chosen: Int32Array): Curvature {
    const size = this.columns + 1;
    if (chosen.length === this.columns) return { matrix: this.#gram.slice(), exact: true };
    const all = [0, ...Array.from(chosen, (j) => j + 1)];
    const matrix = new Float64Array(all.length ** 2);
    all.forEach((i, r) => {
      all.forEach((j, s) => {
        matrix[r * all.length + s] = this.#gram[i * size + j];
      });
    });
    return { matrix, exact: true };
  }

  farthest(step: Point): number {
    return this.#farthest(step);
  }
}
