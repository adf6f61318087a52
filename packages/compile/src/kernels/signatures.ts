// Addresses in bytes, counts in entries, in the order in which they are given.
const rowsOfMatrix = { x: 'i32', w: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;
const sparseByColumn = {
  values: 'i32',
  columns: 'i32',
  starts: 'i32',
  w: 'i32',
  out: 'i32',
  rows: 'i32',
} as const;
const matrices = {
  a: 'i32',
  b: 'i32',
  c: 'i32',
  rows: 'i32',
  columns: 'i32',
  depth: 'i32',
  aStride: 'i32',
  bStride: 'i32',
  cStride: 'i32',
  add: 'i32',
  scratch: 'i32',
} as const;

/** X (rows × columns) times a column. */
type ColumnProduct = typeof rowsOfMatrix;

/** X in compressed sparse rows, and a column, or a matrix with `width` columns. */
type SparseColumnProduct = typeof sparseByColumn;
type SparseMatrixProduct = SparseColumnProduct & { readonly width: 'i32' };

/**
 * rows, columns: the size of C, depth: the length of the inner sums; strides: entries from one row to
 * the next of the matrix as stored; add: 1 for C += …, 0 for C = …; scratch: `gemmScratchBytes` bytes.
 */
type MatrixProduct = typeof matrices;

/** The shared kernels, with their parameters. */
export interface Signatures {
  /** out = X·w */
  readonly rowsTimesColumn: ColumnProduct;
  /** out += Xᵀ·w */
  readonly addTransposedTimesColumn: ColumnProduct;
  /** The same for X in float32; w, out and all sums in float64. */
  readonly rowsTimesColumn32: ColumnProduct;
  readonly addTransposedTimesColumn32: ColumnProduct;
  /** C (+)= A·B */
  readonly multiply: MatrixProduct;
  /** C (+)= Aᵀ·B; A is stored depth × rows. */
  readonly multiplyTransposedLeft: MatrixProduct;
  /** C (+)= A·Bᵀ; B is stored columns × depth. */
  readonly multiplyTransposedRight: MatrixProduct;
  /** The same products with A in float32; B, C and all sums in float64. */
  readonly multiply32: MatrixProduct;
  readonly multiplyTransposedLeft32: MatrixProduct;
  /** out = X·w for X in compressed sparse rows: values (f64), columns and starts (i32). */
  readonly csrTimesColumn: SparseColumnProduct;
  /** out += Xᵀ·w */
  readonly addCsrTransposedTimesColumn: SparseColumnProduct;
  /** out = X·W and out += Xᵀ·W, W with `width` columns. */
  readonly csrTimesMatrix: SparseMatrixProduct;
  readonly addCsrTransposedTimesMatrix: SparseMatrixProduct;
}

export type KernelName = keyof Signatures;

const sparseByMatrix: SparseMatrixProduct = { ...sparseByColumn, width: 'i32' };

export const signatures: Signatures = {
  rowsTimesColumn: rowsOfMatrix,
  addTransposedTimesColumn: rowsOfMatrix,
  rowsTimesColumn32: rowsOfMatrix,
  addTransposedTimesColumn32: rowsOfMatrix,
  multiply: matrices,
  multiplyTransposedLeft: matrices,
  multiplyTransposedRight: matrices,
  multiply32: matrices,
  multiplyTransposedLeft32: matrices,
  csrTimesColumn: sparseByColumn,
  addCsrTransposedTimesColumn: sparseByColumn,
  csrTimesMatrix: sparseByMatrix,
  addCsrTransposedTimesMatrix: sparseByMatrix,
};

/** The types of a kernel's parameters, in order. */
export function parametersOfKernel(name: KernelName): readonly 'i32'[] {
  return Object.values(signatures[name]);
}

/** The kernels as functions of the host. */
export type Kernels = { readonly [K in KernelName]: (...parameters: number[]) => void };
