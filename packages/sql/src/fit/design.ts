/**
 * Rows whose products are those of a Gram matrix: R of its Cholesky factorization with pivoting, so that a
 * column that depends on others has exactly no part of its own.
 */
export function rowsOfGram(gram: Float64Array, size: number): Float64Array {
  const rest = gram.slice();
  const rows = new Float64Array(size * size);
  const left = new Set(Array.from({ length: size }, (_, j) => j));
  const full = Float64Array.from({ length: size }, (_, j) => gram[j * size + j]);
  for (let k = 0; k < size; k++) {
    let pivot = -1;
    let most = 0;
    for (const j of left) {
      const share = full[j] > 0 ? rest[j * size + j] / full[j] : 0;
      if (share > most) [pivot, most] = [j, share];
    }
    // Of a square only half the digits are there.
    if (pivot < 0 || most < 1e-12) break;
    left.delete(pivot);
    const root = Math.sqrt(rest[pivot * size + pivot]);
    rows[k * size + pivot] = root;
    for (const j of left) {
      rows[k * size + j] = rest[pivot * size + j] / root;
    }
    for (const i of left) {
      for (const j of left) rest[i * size + j] -= rows[k * size + i] * rows[k * size + j];
    }
  }
  return rows;
}
