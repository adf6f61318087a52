/** Columns of n entries each, one after the other: entry i of column j is data[j n + i]. */
export interface ColumnMajor {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** A P = Q R by Householder reflections; |R| does not grow along its diagonal. */
export interface PivotedQr extends ColumnMajor {
  /** Column k of A P is column pivots[k] of A. */
  readonly pivots: Int32Array;
  /** The diagonal of R; above it, R lies in `data`, below and on it the reflections do. */
  readonly diagonal: Float64Array;
  /** How many diagonal entries exceed the tolerance: the numerical rank. */
  readonly rank: number;
}

/**
 * QR with column pivoting (Businger and Golub, 1965; Golub and Van Loan, Matrix Computations, 5.4.2).
 * The matrix is copied. `tolerance` is relative to the largest column, 10 ε max(n, d) unless given: scale
 * columns to one length first, so that units do not decide the rank.
 */
export function pivotedQr(matrix: ColumnMajor, tolerance?: number): PivotedQr {
  const { rows: n, columns: d } = matrix;
  const a = matrix.data.slice();
  const pivots = Int32Array.from({ length: d }, (_, j) => j);
  const diagonal = new Float64Array(d);
  const steps = Math.min(n, d);
  for (let k = 0; k < steps; k++) {
    exchange(a, n, pivots, k, longest(a, n, d, k));
    diagonal[k] = reflect(a, n, d, k);
  }
  const cut = (tolerance ?? 10 * Number.EPSILON * Math.max(n, d)) * Math.abs(diagonal[0] ?? 0);
  let rank = 0;
  while (rank < steps && Math.abs(diagonal[rank]) > cut) rank++;
  return { data: a, rows: n, columns: d, pivots, diagonal, rank };
}

/** The column from k on whose part below row k is longest; lengths are summed anew, not downdated. */
function longest(a: Float64Array, n: number, d: number, k: number): number {
  let best = k;
  let bestSquare = -1;
  for (let j = k; j < d; j++) {
    let square = 0;
    for (let i = j * n + k; i < (j + 1) * n; i++) square += a[i] * a[i];
    if (square > bestSquare) {
      bestSquare = square;
      best = j;
    }
  }
  return best;
}

function exchange(a: Float64Array, n: number, pivots: Int32Array, j: number, k: number): void {
  if (j === k) return;
  const held = a.slice(j * n, (j + 1) * n);
  a.copyWithin(j * n, k * n, (k + 1) * n);
  a.set(held, k * n);
  [pivots[j], pivots[k]] = [pivots[k], pivots[j]];
}

/** Reflects column k onto its axis and the later columns with it; returns R's diagonal entry. */
function reflect(a: Float64Array, n: number, d: number, k: number): number {
  const start = k * n + k;
  const end = (k + 1) * n;
  let square = 0;
  for (let i = start; i < end; i++) square += a[i] * a[i];
  const length = Math.sqrt(square);
  if (length === 0) return 0;
  const result = a[start] > 0 ? -length : length;
  a[start] -= result; // v = x − R_kk e, H = I − v vᵀ / (R_kk v₀ ·(−1))
  const scale = -result * a[start];
  for (let j = k + 1; j < d; j++) {
    let inner = 0;
    for (let i = start, p = j * n + k; i < end; i++, p++) inner += a[i] * a[p];
    const factor = inner / scale;
    for (let i = start, p = j * n + k; i < end; i++, p++) a[p] -= factor * a[i];
  }
  return result;
}

/** Qᵀ v, or Q v with `transposed: false`, in place. */
export function applyQ(qr: PivotedQr, v: Float64Array, transposed = true): void {
  const { data: a, rows: n, columns: d, diagonal } = qr;
  const steps = Math.min(n, d);
  for (let s = 0; s < steps; s++) {
    const k = transposed ? s : steps - 1 - s;
    if (diagonal[k] === 0) continue;
    const start = k * n + k;
    let inner = 0;
    for (let i = start, p = k; p < n; i++, p++) inner += a[i] * v[p];
    const factor = inner / (-diagonal[k] * a[start]);
    for (let i = start, p = k; p < n; i++, p++) v[p] -= factor * a[i];
  }
}

/** Solves R x = c for the leading `rank` columns, in pivoted order. */
export function solveR(qr: PivotedQr, c: Float64Array): Float64Array {
  const { data: a, rows: n, rank, diagonal } = qr;
  const x = c.slice(0, rank);
  for (let k = rank - 1; k >= 0; k--) {
    x[k] /= diagonal[k];
    for (let i = 0; i < k; i++) x[i] -= a[k * n + i] * x[k];
  }
  return x;
}

/** Solves Rᵀ x = c for the leading `rank` columns, in pivoted order. */
export function solveRTransposed(qr: PivotedQr, c: Float64Array): Float64Array {
  const { data: a, rows: n, rank, diagonal } = qr;
  const x = c.slice(0, rank);
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < k; i++) x[k] -= a[k * n + i] * x[i];
    x[k] /= diagonal[k];
  }
  return x;
}
