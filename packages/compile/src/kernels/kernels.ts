import { moduleBuilder, type WasmMemory, webAssembly } from '../wasm/index.ts';
import { exactOrder, relaxed } from './arithmetic.ts';
import { defineGemm } from './gemm.ts';
import { defineGemv } from './gemv.ts';

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
