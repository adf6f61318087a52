import { moduleBuilder, type WasmMemory, webAssembly } from '@steepest/wasm';
import { exactOrder, relaxed } from './arithmetic.ts';
import { defineGather } from './gather.ts';
import { defineGemm } from './gemm.ts';
import { defineGemv } from './gemv.ts';
import { defineReductions } from './reductions.ts';
import { defineSparse } from './sparse.ts';
import { defineUpdates } from './updates.ts';

export { gemmScratchBytes } from './gemm.ts';

type ColumnProduct = (x: number, w: number, out: number, rows: number, columns: number) => void;

/**
 * A matrix product; rows, columns: the size of C, depth: the length of the inner sums; strides:
 * entries from one row to the next of the matrix as stored; add: 1 for C += …, 0 for C = …;
 * scratch: `gemmScratchBytes` bytes.
 */
type MatrixProduct = (
  a: number,
  b: number,
  c: number,
  rows: number,
  columns: number,
  depth: number,
  aStride: number,
  bStride: number,
  cStride: number,
  add: 0 | 1,
  scratch: number,
) => void;

type Gather = (
  source: number,
  indices: number,
  out: number,
  count: number,
  columns: number,
) => void;

type RowReduction = (x: number, out: number, rows: number, columns: number) => void;

type SparseProduct = (
  values: number,
  columns: number,
  starts: number,
  vector: number,
  out: number,
  rows: number,
) => void;

type SparseMatrixProduct = (
  values: number,
  columns: number,
  starts: number,
  matrix: number,
  out: number,
  rows: number,
  width: number,
) => void;

/** The shared kernels. Pointers in bytes, counts in entries. */
export interface Kernels {
  /** out = X·w */
  readonly rowsTimesColumn: ColumnProduct;
  /** out += Xᵀ·r */
  readonly addTransposedTimesColumn: ColumnProduct;
  /** The same for X in float32; w, r, out and all sums in float64. */
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

  /** Row i of out is row indices[i] of source; indices are 32-bit integers. */
  readonly gatherRows: Gather;
  /** The same for float32. */
  readonly gatherRows32: Gather;

  /** The sum of all entries. */
  sum(x: number, count: number): number;
  /** out (rows × 1) = the sum, the largest or the smallest entry of each row. */
  readonly sumOfRows: RowReduction;
  readonly maxOfRows: RowReduction;
  readonly minOfRows: RowReduction;
  /** out (rows × 1) = log Σ eˣ of each row. */
  readonly logSumExpOfRows: RowReduction;
  /** out (rows × columns) = eˣ / Σ eˣ of each row; out may be x. */
  readonly softmaxOfRows: RowReduction;
  /** out (1 × columns) += the sum of the rows. */
  readonly addColumnSums: RowReduction;

  /** w ← w − rate · g */
  sgdStep(w: number, g: number, count: number, rate: number): void;
  /** v ← decay · v + g, w ← w − rate · v */
  momentumStep(w: number, v: number, g: number, count: number, rate: number, decay: number): void;
  /**
   * m ← b₁m + (1 − b₁)g, s ← b₂s + (1 − b₂)g², w ← w − rate · (m/c₁)/(√s/root + ε) where m ≠ 0;
   * c₁ = 1 − b₁ᵗ, root = √(1 − b₂ᵗ).
   */
  adamStep(
    w: number,
    m: number,
    s: number,
    g: number,
    count: number,
    rate: number,
    b1: number,
    b2: number,
    epsilon: number,
    c1: number,
    root: number,
  ): void;

  /** out = X·w for X in compressed sparse rows: values (f64), columns and starts (i32). */
  readonly csrTimesColumn: SparseProduct;
  /** out += Xᵀ·r */
  readonly addCsrTransposedTimesColumn: SparseProduct;
  /** out = X·W and out += Xᵀ·R, W and R with `width` columns. */
  readonly csrTimesMatrix: SparseMatrixProduct;
  readonly addCsrTransposedTimesMatrix: SparseMatrixProduct;
}

export interface KernelOptions {
  /** The memory is shared between threads; its maximum is at most `maximumPages`. */
  readonly shared?: boolean;
  /** Fused multiply-add: only where `features().relaxedSimd`, and results differ in the last bits. */
  readonly relaxed?: boolean;
}

/** The kernel module in the binary format. */
export function kernelBytes(options: KernelOptions = {}): Uint8Array {
  const module = moduleBuilder({ shared: options.shared ?? false });
  const arithmetic = options.relaxed ? relaxed : exactOrder;
  defineGemv(module, arithmetic);
  defineGemm(module, arithmetic);
  defineGather(module);
  defineReductions(module, arithmetic);
  defineUpdates(module, arithmetic);
  defineSparse(module);
  return module.bytes();
}

const modules = new Map<string, object>();

/** The kernels over a memory; throws where there is no WebAssembly with SIMD. */
export function createKernels(memory: WasmMemory, options: KernelOptions = {}): Kernels {
  if (webAssembly === undefined) throw new Error('kernels: this runtime has no WebAssembly');
  const key = `${options.shared ?? false} ${options.relaxed ?? false}`;
  let module = modules.get(key);
  if (module === undefined) {
    module = new webAssembly.Module(kernelBytes(options));
    modules.set(key, module);
  }
  const { exports } = new webAssembly.Instance(module, { env: { memory } });
  return exports as unknown as Kernels;
}
