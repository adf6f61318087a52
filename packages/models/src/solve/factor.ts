import {
  type ColumnMajor,
  pivotedQr,
  solveR,
  solveRTransposed,
} from '@steepest/optim/linear-algebra';

/** A positive definite matrix H = RᵀR, ready to solve with. */
export interface Factor {
  /** H⁻¹ g; in the range of H where it is singular. */
  solve(g: Float64Array): Float64Array;
  /** gᵀ H⁻¹ g. */
  square(g: Float64Array): number;
  /** The condition number of R for columns of one length: the square root of H's. */
  readonly condition: number;
  /** A part of it at least, at no cost: the ratio of R's diagonal entries. */
  readonly spread: number;
  /** How many directions have no curvature at all. */
  readonly flat: number;
}

/** Up to here the square of a condition number leaves half of the digits. */
export const wellConditioned = 1e6;

/**
 * By Cholesky's method, H p×p in rows, scaled to a diagonal of ones; undefined where H is not
 * positive definite up to rounding, or too ill-conditioned to be judged by its square.
 */
export function cholesky(h: Float64Array, p: number): Factor | undefined {
  const scale = Float64Array.from({ length: p }, (_, i) => 1 / Math.sqrt(h[i * p + i]));
  if (scale.some((value) => !(value > 0 && value < Infinity))) return undefined;
  const l = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = h[i * p + j] * scale[i] * scale[j];
      for (let k = 0; k < j; k++) sum -= l[i * p + k] * l[j * p + k];
      if (j < i) l[i * p + j] = sum / l[j * p + j];
      else if (sum > p * Number.EPSILON) l[i * p + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  const forward = (g: ArrayLike<number>): Float64Array => {
    const z = new Float64Array(p);
    for (let i = 0; i < p; i++) {
      let sum = g[i] * scale[i];
      for (let k = 0; k < i; k++) sum -= l[i * p + k] * z[k];
      z[i] = sum / l[i * p + i];
    }
    return z;
  };
  const backward = (z: Float64Array): Float64Array => {
    const x = Float64Array.from(z);
    for (let i = p - 1; i >= 0; i--) {
      x[i] /= l[i * p + i];
      for (let k = 0; k < i; k++) x[k] -= l[i * p + k] * x[i];
    }
    return x.map((value, i) => value * scale[i]);
  };
  const diagonal = Array.from({ length: p }, (_, i) => l[i * p + i]);
  const spread = Math.max(1, ...diagonal) / Math.min(1, ...diagonal);
  if (spread > wellConditioned) return undefined;
  let condition: number | undefined;
  return {
    solve: (g) => backward(forward(g)),
    square: (g) => forward(g).reduce((sum, z) => sum + z * z, 0),
    get condition() {
      condition ??= Math.sqrt(conditionOf(l, p));
      return condition;
    },
    spread,
    flat: 0,
  };
}

/** λ₁/λₚ of L Lᵀ, by ten rounds of power iteration on it and on its inverse. */
function conditionOf(l: Float64Array, p: number): number {
  if (p === 0) return 1;
  const start = Float64Array.from({ length: p }, (_, i) => 1 + ((i * 7919) % 13) / 13);
  let largest = 0;
  let v: Float64Array = start;
  for (let round = 0; round < 10; round++) {
    v = unit(v);
    const u = new Float64Array(p);
    for (let i = 0; i < p; i++) for (let k = 0; k <= i; k++) u[k] += l[i * p + k] * v[i];
    const next = new Float64Array(p);
    for (let i = 0; i < p; i++) for (let k = 0; k <= i; k++) next[i] += l[i * p + k] * u[k];
    v = next;
    largest = Math.hypot(...v);
  }
  let inverse = 0;
  v = start;
  for (let round = 0; round < 10; round++) {
    v = unit(v);
    for (let i = 0; i < p; i++) {
      for (let k = 0; k < i; k++) v[i] -= l[i * p + k] * v[k];
      v[i] /= l[i * p + i];
    }
    for (let i = p - 1; i >= 0; i--) {
      v[i] /= l[i * p + i];
      for (let k = 0; k < i; k++) v[k] -= l[i * p + k] * v[i];
    }
    inverse = Math.hypot(...v);
  }
  return largest * inverse;
}

function unit(v: Float64Array): Float64Array {
  const length = Math.hypot(...v);
  return v.map((value) => value / length);
}

/** From R of a QR factorization of A, H = AᵀA: A's condition number is not squared. */
export function triangular(r: ColumnMajor): Factor {
  const p = r.columns;
  const data = r.data.slice();
  const scale = new Float64Array(p).fill(1);
  for (let j = 0; j < p; j++) {
    const length = Math.hypot(...data.subarray(j * r.rows, (j + 1) * r.rows));
    if (length > 0) scale[j] = 1 / length;
    for (let i = 0; i < r.rows; i++) data[j * r.rows + i] *= scale[j];
  }
  const qr = pivotedQr({ ...r, data }, 1e-15 * p);
  const scaled = (g: Float64Array) =>
    Float64Array.from({ length: p }, (_, k) => g[qr.pivots[k]] * scale[qr.pivots[k]]);
  const ratio = qr.rank < p ? Infinity : Math.abs(qr.diagonal[0] / qr.diagonal[p - 1]);
  return {
    solve(g) {
      const x = new Float64Array(p);
      solveR(qr, solveRTransposed(qr, scaled(g))).forEach((value, k) => {
        x[qr.pivots[k]] = value * scale[qr.pivots[k]];
      });
      return x;
    },
    square: (g) => solveRTransposed(qr, scaled(g)).reduce((sum, z) => sum + z * z, 0),
    condition: ratio,
    spread: ratio,
    flat: p - qr.rank,
  };
}
