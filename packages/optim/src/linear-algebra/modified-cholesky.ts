/**
 * Solves (A + E) x = b where E is diagonal and as small as makes P(A + E)Pᵀ = L D Lᵀ safely positive
 * definite; E = 0 where A is (Gill, Murray & Wright, *Practical Optimization*, 1981, 4.4.2.2).
 *
 * A is symmetric n×n, row by row. Entries of L√D stay bounded, so that a slightly indefinite A is
 * changed slightly; the largest diagonal entry that is left goes first.
 */
export function solveModified(a: Float64Array, b: Float64Array): Float64Array {
  return modifiedSolver(a, b.length)(b);
}

/** b ↦ (A + E)⁻¹b with that E, factored once. */
export function modifiedSolver(a: Float64Array, n: number): (b: Float64Array) => Float64Array {
  const l = a.slice();
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const d = new Float64Array(n);
  const { bound, least } = limitsOf(a, n);
  for (let j = 0; j < n; j++) {
    exchange(l, order, n, j, largestFrom(l, n, j));
    let furthest = 0;
    for (let i = j + 1; i < n; i++) furthest = Math.max(furthest, Math.abs(l[i * n + j]));
    d[j] = Math.max(Math.abs(l[j * n + j]), (furthest * furthest) / bound, least);
    // What is left of A below and right of j loses d l lᵀ.
    for (let i = j + 1; i < n; i++) {
      const factor = l[i * n + j] / d[j];
      for (let k = j + 1; k <= i; k++) l[i * n + k] -= factor * l[k * n + j];
    }
    for (let i = j + 1; i < n; i++) l[i * n + j] /= d[j];
  }
  return (b) => solved(l, d, order, b);
}

function solved(
  l: Float64Array,
  d: Float64Array,
  order: Int32Array,
  b: Float64Array,
): Float64Array {
  const n = b.length;
  const x = Float64Array.from(order, (i) => b[i]);
  for (let i = 0; i < n; i++) for (let s = 0; s < i; s++) x[i] -= l[i * n + s] * x[s];
  for (let i = 0; i < n; i++) x[i] /= d[i];
  for (let i = n - 1; i >= 0; i--) for (let s = i + 1; s < n; s++) x[i] -= l[s * n + i] * x[s];
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) result[order[i]] = x[i];
  return result;
}

/** The row from j on with the largest diagonal entry, in absolute value. */
function largestFrom(l: Float64Array, n: number, j: number): number {
  let best = j;
  for (let i = j + 1; i < n; i++) {
    if (Math.abs(l[i * n + i]) > Math.abs(l[best * n + best])) best = i;
  }
  return best;
}

/** Exchanges rows and columns p and q of the lower triangle, p ≤ q. */
function exchange(l: Float64Array, order: Int32Array, n: number, p: number, q: number): void {
  if (p === q) return;
  [order[p], order[q]] = [order[q], order[p]];
  const swap = (a: number, b: number): void => {
    [l[a], l[b]] = [l[b], l[a]];
  };
  swap(p * n + p, q * n + q);
  for (let k = 0; k < p; k++) swap(p * n + k, q * n + k);
  for (let k = p + 1; k < q; k++) swap(k * n + p, q * n + k);
  for (let k = q + 1; k < n; k++) swap(k * n + p, k * n + q);
}

/** β² and δ: how large L√D's entries may get, and how small D's. */
function limitsOf(a: Float64Array, n: number): { bound: number; least: number } {
  let onDiagonal = 0;
  let beside = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) beside = Math.max(beside, Math.abs(a[i * n + j]));
    onDiagonal = Math.max(onDiagonal, Math.abs(a[i * n + i]));
  }
  const spread = n > 1 ? beside / Math.sqrt(n * n - 1) : 0;
  const least = Number.EPSILON * (onDiagonal + beside) || Number.MIN_VALUE;
  return { bound: Math.max(onDiagonal, spread) || 1, least };
}
