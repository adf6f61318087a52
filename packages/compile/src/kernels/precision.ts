import { type F64, f64x2, type I32, memory, type V128 } from '@steepest/wasm';

/** How the entries of a matrix lie in memory, and how they become float64. */
export interface Precision {
  /** What the names of its kernels end in. */
  readonly suffix: '' | '32';
  /** The size of an entry, and its logarithm. */
  readonly bytes: 4 | 8;
  readonly shift: 2 | 3;
  pair(address: I32, offset?: number): V128;
  single(address: I32, offset?: number): F64;
}

export const float64: Precision = {
  suffix: '',
  bytes: 8,
  shift: 3,
  pair: memory.load,
  single: memory.loadF64,
};

/** Promoted as it is read: half the memory, the same sums. */
export const float32: Precision = {
  suffix: '32',
  bytes: 4,
  shift: 2,
  pair: (address, offset) => f64x2.promoteLow(memory.loadLow(address, offset)),
  single: memory.loadF32,
};
