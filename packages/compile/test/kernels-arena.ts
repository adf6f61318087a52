import { type WasmMemory, webAssembly } from '@steepest/wasm';
import { createKernels, type KernelOptions, type Kernels } from '../src/kernels/index.ts';

/** A memory with kernels over it, into which arrays are put one after the other. */
export interface Arena {
  readonly memory: WasmMemory;
  readonly kernels: Kernels;
  put(values: Float64Array): number;
  put32(values: Float32Array): number;
  putIndices(values: Int32Array): number;
  take(address: number, count: number): Float64Array;
}

const memory = new webAssembly!.Memory({ initial: 400 });
const byOptions = new Map<string, Kernels>();

/** Starts anew at the beginning of the memory, which keeps what earlier tests left there. */
export function arena(options: KernelOptions = {}): Arena {
  const key = JSON.stringify(options);
  const kernels = byOptions.get(key) ?? createKernels(memory, options);
  byOptions.set(key, kernels);
  let next = 64;
  const place = (bytes: Uint8Array) => {
    const address = next;
    new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
    next += Math.ceil(bytes.length / 16) * 16 + 16;
    return address;
  };
  const bytesOf = (values: ArrayBufferView) =>
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return {
    memory,
    kernels,
    put: (values) => place(bytesOf(values)),
    put32: (values) => place(bytesOf(values)),
    putIndices: (values) => place(bytesOf(values)),
    take: (address, count) => new Float64Array(memory.buffer, address, count).slice(),
  };
}

/** Repeatable numbers between −1 and 1. */
export function numbers(count: number, seed: number): Float64Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
