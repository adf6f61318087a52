/** The mean logistic loss and its gradient in one loop by hand, as one would write it for speed. */
export function fusedLogistic(
  x: Float64Array,
  y: Float64Array,
  w: Float64Array,
  n: number,
  d: number,
): { value: number; gradient: Float64Array } {
  const gradient = new Float64Array(d);
  let value = 0;
  for (let i = 0; i < n; i++) {
    const row = i * d;
    let t = 0;
    for (let j = 0; j < d; j++) t += x[row + j] * w[j];
    const e = Math.exp(-Math.abs(t));
    value += Math.max(t, 0) + Math.log1p(e) - y[i] * t;
    const r = ((t > 0 ? 1 : e) / (1 + e) - y[i]) / n;
    for (let j = 0; j < d; j++) gradient[j] += x[row + j] * r;
  }
  return { value: value / n, gradient };
}
