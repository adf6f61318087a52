import type { Features } from '../src/index.ts';

/** Solves XᵀX w = Xᵀy by elimination with pivots: enough for the small cases of the tests. */
export function leastSquares({ data, rows, columns: d, y }: Features): number[] {
  const m = Array.from({ length: d }, () => new Array<number>(d + 1).fill(0));
  for (let i = 0; i < rows; i++) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) m[a][b] += data[i * d + a] * data[i * d + b];
      m[a][d] += data[i * d + a] * y.get(i, 0);
    }
  }
  for (let k = 0; k < d; k++) {
    const pivot = m
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(m[best][k]) ? i + k : best), k);
    [m[k], m[pivot]] = [m[pivot], m[k]];
    for (let r = 0; r < d; r++) {
      if (r === k) continue;
      const factor = m[r][k] / m[k][k];
      for (let c = k; c <= d; c++) m[r][c] -= factor * m[k][c];
    }
  }
  return m.map((row, k) => row[d] / row[k]);
}
