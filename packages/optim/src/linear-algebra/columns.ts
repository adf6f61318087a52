import { FlatMatrix } from '@steepest/autodiff';

/** The entries as a column that shares their memory. */
export function columnOf(x: Float64Array): FlatMatrix {
  return new FlatMatrix(x.length, 1, x);
}

/** Σ aᵢbᵢ; four sums at once, so that an addition need not wait for the one before it. */
export function dotOf(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const whole = n - (n % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (let i = whole; i < n; i++) s0 += a[i] * b[i];
  return s0 + s1 + (s2 + s3);
}

/** y ← y + a x, and Σ yᵢzᵢ after that: one pass where two would read y again. */
export function addScaledDot(y: Float64Array, a: number, x: Float64Array, z: Float64Array): number {
  const n = y.length;
  const whole = n - (n % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < whole; i += 4) {
    const y0 = y[i] + a * x[i];
    const y1 = y[i + 1] + a * x[i + 1];
    const y2 = y[i + 2] + a * x[i + 2];
    const y3 = y[i + 3] + a * x[i + 3];
    s0 += y0 * z[i];
    s1 += y1 * z[i + 1];
    s2 += y2 * z[i + 2];
    s3 += y3 * z[i + 3];
    y[i] = y0;
    y[i + 1] = y1;
    y[i + 2] = y2;
    y[i + 3] = y3;
  }
  for (let i = whole; i < n; i++) {
    y[i] += a * x[i];
    s0 += y[i] * z[i];
  }
  return s0 + s1 + (s2 + s3);
}

/** x + a d, a new column. */
export function ahead(x: Float64Array, a: number, d: Float64Array): Float64Array {
  const result = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) result[i] = x[i] + a * d[i];
  return result;
}

/** a − b, a new column. */
export function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i] - b[i];
  return result;
}

/** factor · a, a new column. */
export function scaled(a: Float64Array, factor: number): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = factor * a[i];
  return result;
}

/** ‖a‖₂, safe from overflow and underflow. */
export function lengthOf(a: Float64Array): number {
  const squares = dotOf(a, a);
  if (squares > 1e-290 && squares < Infinity) return Math.sqrt(squares);
  let largest = 0;
  for (const x of a) if (!(Math.abs(x) <= largest)) largest = Math.abs(x);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const x of a) sum += (x / largest) ** 2;
  return largest * Math.sqrt(sum);
}
