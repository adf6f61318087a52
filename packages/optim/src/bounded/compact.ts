import { dotOf } from '../linear-algebra/columns.ts';
import { inverseOf } from '../linear-algebra/invert.ts';

/**
 * The quasi-Newton Hessian B = θI − W M Wᵀ of remembered steps S and changes of gradient Y, with
 * W = [Y θS] and M = [−D Lᵀ; L θSᵀS]⁻¹ (Byrd, Nocedal & Schnabel, 1994).
 */
export class CompactHessian {
  readonly theta: number;
  /** How many columns W has: two for each remembered step. */
  readonly size: number;
  readonly #columns: readonly Float64Array[];
  readonly #middle: Float64Array;

  constructor(steps: readonly Float64Array[], yields: readonly Float64Array[]) {
    const m = steps.length;
    const last = m - 1;
    this.theta = m === 0 ? 1 : dotOf(yields[last], yields[last]) / dotOf(yields[last], steps[last]);
    const middle = middleOf(steps, yields, this.theta);
    const inverse = inverseOf(middle, 2 * m);
    this.size = inverse === undefined ? 0 : 2 * m;
    this.#middle = inverse ?? new Float64Array(0);
    this.#columns = [...yields, ...steps.map((s) => s.map((x) => this.theta * x))];
  }

  /** Wᵀv. */
  project(v: Float64Array): Float64Array {
    return Float64Array.from({ length: this.size }, (_, k) => dotOf(this.#columns[k], v));
  }

  /** Row i of W. */
  row(i: number): Float64Array {
    return Float64Array.from({ length: this.size }, (_, k) => this.#columns[k][i]);
  }

  /** M v. */
  middle(v: Float64Array): Float64Array {
    const n = this.size;
    return v.map((_, i) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += this.#middle[i * n + j] * v[j];
      return sum;
    });
  }

  /** W v. */
  expand(v: Float64Array, length: number): Float64Array {
    const result = new Float64Array(length);
    for (let k = 0; k < this.size; k++) {
      const column = this.#columns[k];
      const factor = v[k];
      for (let i = 0; i < length; i++) result[i] += factor * column[i];
    }
    return result;
  }

  /** (I − M Wᵀ Z Zᵀ W / θ)⁻¹ v over the rows where `free` is 1; undefined where that is singular. */
  solveFree(v: Float64Array, free: Uint8Array): Float64Array | undefined {
    const n = this.size;
    const matrix = new Float64Array(n * n);
    for (let j = 0; j < n; j++) {
      const products = new Float64Array(n);
      for (let k = 0; k < n; k++) {
        const a = this.#columns[k];
        const b = this.#columns[j];
        let sum = 0;
        for (let i = 0; i < free.length; i++) if (free[i] === 1) sum += a[i] * b[i];
        products[k] = sum / this.theta;
      }
      this.middle(products).forEach((x, i) => {
        matrix[i * n + j] = (i === j ? 1 : 0) - x;
      });
    }
    const inverse = inverseOf(matrix, n);
    return inverse && v.map((_, i) => dotOf(inverse.subarray(i * n, (i + 1) * n), v));
  }
}

function middleOf(
  steps: readonly Float64Array[],
  yields: readonly Float64Array[],
  theta: number,
): Float64Array {
  const m = steps.length;
  const n = 2 * m;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < m; i++) {
    matrix[i * n + i] = -dotOf(steps[i], yields[i]);
    for (let j = 0; j < m; j++) {
      matrix[(m + i) * n + m + j] = theta * dotOf(steps[i], steps[j]);
      if (i > j) {
        const below = dotOf(steps[i], yields[j]);
        matrix[(m + i) * n + j] = below;
        matrix[j * n + m + i] = below;
      }
    }
  }
  return matrix;
}
