/**
 * The inverse of a small matrix, n×n row by row, by Gauss–Jordan elimination with partial pivoting;
 * undefined where it is singular.
 */
export function inverseOf(matrix: Float64Array, n: number): Float64Array | undefined {
  const a = matrix.slice();
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    }
    if (!(Math.abs(a[pivot * n + k]) > 0)) return undefined;
    for (const m of [a, inverse]) {
      const held = m.slice(k * n, (k + 1) * n);
      m.copyWithin(k * n, pivot * n, (pivot + 1) * n);
      m.set(held, pivot * n);
    }
    const divisor = a[k * n + k];
    for (let j = 0; j < n; j++) {
      a[k * n + j] /= divisor;
      inverse[k * n + j] /= divisor;
    }
    for (let i = 0; i < n; i++) {
      const factor = i === k ? 0 : a[i * n + k];
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) {
        a[i * n + j] -= factor * a[k * n + j];
        inverse[i * n + j] -= factor * inverse[k * n + j];
      }
    }
  }
  return inverse;
}
