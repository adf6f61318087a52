// C += A·B on row-major arrays, in tiles of 3×4 entries of C whose sums stay in registers: 12 sums,
// 4 entries of B and 1 of A are as many as a processor holds. Four columns of B at a time are copied
// side by side first, so that the inner loop reads memory in order (Goto & van de Geijn, Anatomy of
// high-performance matrix multiplication, 2008).
const tileRows = 3;
const tileColumns = 4;
const depth = 256;

/** C += A·B: m×k · k×n → m×n. */
export function addProduct(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  m: number,
  k: number,
  n: number,
): void {
  if (k < 4 || m < tileRows) {
    addProductPlainly(a, b, c, m, k, n);
    return;
  }
  const panel = new Float64Array(Math.min(depth, k) * tileColumns);
  const edge = new Float64Array(tileRows * tileColumns);
  for (let from = 0; from < k; from += depth) {
    const to = Math.min(from + depth, k);
    for (let j = 0; j < n; j += tileColumns) {
      const width = Math.min(tileColumns, n - j);
      fillPanel(panel, b, n, j, width, from, to);
      for (let i = 0; i < m; i += tileRows) {
        const height = Math.min(tileRows, m - i);
        if (height === tileRows && width === tileColumns) {
          addTile(a, panel, c, i * k, k, from, to, i * n + j, n);
          continue;
        }
        // The tile reaches over the edge: its rows are moved up to fit, and only some are kept.
        const top = Math.min(i, m - tileRows);
        edge.fill(0);
        addTile(a, panel, edge, top * k, k, from, to, 0, tileColumns);
        for (let r = i; r < i + height; r++) {
          for (let q = 0; q < width; q++) c[r * n + j + q] += edge[(r - top) * tileColumns + q];
        }
      }
    }
  }
}

/** Rows from..to of up to four columns of B, row by row; columns that B lacks are zero. */
function fillPanel(
  panel: Float64Array,
  b: Float64Array,
  n: number,
  column: number,
  width: number,
  from: number,
  to: number,
): void {
  for (let p = from, t = 0; p < to; p++, t += tileColumns) {
    for (let q = 0; q < tileColumns; q++) panel[t + q] = q < width ? b[p * n + column + q] : 0;
  }
}

function addTile(
  a: Float64Array,
  panel: Float64Array,
  c: Float64Array,
  row: number,
  stride: number,
  from: number,
  to: number,
  corner: number,
  cStride: number,
): void {
  const row0 = row;
  const row1 = row0 + stride;
  const row2 = row1 + stride;
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  for (let p = from, t = 0; p < to; p++, t += 4) {
    const b0 = panel[t];
    const b1 = panel[t + 1];
    const b2 = panel[t + 2];
    const b3 = panel[t + 3];
    const a0 = a[row0 + p];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = a[row1 + p];
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    const a2 = a[row2 + p];
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
  }
  const second = corner + cStride;
  const third = second + cStride;
  c[corner] += c00;
  c[corner + 1] += c01;
  c[corner + 2] += c02;
  c[corner + 3] += c03;
  c[second] += c10;
  c[second + 1] += c11;
  c[second + 2] += c12;
  c[second + 3] += c13;
  c[third] += c20;
  c[third + 1] += c21;
  c[third + 2] += c22;
  c[third + 3] += c23;
}

function addProductPlainly(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  m: number,
  k: number,
  n: number,
): void {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = a[i * k + p];
      for (let j = 0; j < n; j++) c[i * n + j] += x * b[p * n + j];
    }
  }
}
