import { moduleBuilder, type WasmMemory, webAssembly } from '@steepest/wasm';
import { exactOrder, relaxed } from './arithmetic.ts';
import { defineGemm } from './gemm.ts';
import { defineGemv } from './gemv.ts';
import type { Kernels } from './signatures.ts';
import { defineSparse } from './sparse.ts';

export { gemmScratchBytes } from './gemm.ts';

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
