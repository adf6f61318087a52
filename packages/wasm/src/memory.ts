import type { F64, I32, I64, Statement, V128 } from './code.ts';
import { unsigned } from './leb128.ts';
import { simd } from './vector.ts';

/** Reads at an address (bytes), `offset` bytes further; the alignment is a hint only. */
type Load<T> = (address: I32, offset?: number) => T;
type Store<T> = (address: I32, value: T, offset?: number) => Statement;

const access = (opcode: number[], align: number) => ({
  load: (address: I32, offset = 0) => [address, ...opcode, align, ...unsigned(offset)],
  store: (address: I32, value: F64 | I32 | I64 | V128, offset = 0) => [
    address,
    value,
    ...opcode,
    align,
    ...unsigned(offset),
  ],
});

export const loadI32: Load<I32> = access([0x28], 2).load;
export const loadI64: Load<I64> = access([0x29], 3).load;
export const loadF64: Load<F64> = access([0x2b], 3).load;
export const storeI32: Store<I32> = access([0x36], 2).store;
export const storeI64: Store<I64> = access([0x37], 3).store;
export const storeF64: Store<F64> = access([0x39], 3).store;

/** One byte, 0 to 255. */
export const loadByte: Load<I32> = access([0x2d], 0).load;

/** 16 bytes, at any address. */
export const load: Load<V128> = access(simd(0x00), 3).load;
export const store: Store<V128> = access(simd(0x0b), 3).store;

/** One float64 in both lanes. */
export const loadTwice: Load<V128> = access(simd(0x0a), 3).load;

/** One float64 in the low lane, 0 in the high one. */
export const loadLow: Load<V128> = access(simd(0x5d), 3).load;

/** One float32 in the lowest lane. */
export const loadLow32: Load<V128> = access(simd(0x5c), 2).load;

/** Writes the low lane. */
export const storeLow: Store<V128> = (address, value, offset = 0) => [
  address,
  value,
  ...simd(0x5b),
  3,
  ...unsigned(offset),
  0,
];

/** memory.copy and memory.fill, in bytes. */
export const copy = (to: I32, from: I32, bytes: I32): Statement => [
  to,
  from,
  bytes,
  0xfc,
  10,
  0,
  0,
];
export const fill = (to: I32, byte: I32, bytes: I32): Statement => [to, byte, bytes, 0xfc, 11, 0];

/** One float32, promoted. */
export const loadF32: Load<F64> = (address, offset = 0) => [
  address,
  0x2a,
  2,
  ...unsigned(offset),
  0xbb,
];

/** The vector with its low lane read from memory. */
export const loadLane0 = (address: I32, vector: V128): V128 => [
  address,
  vector,
  ...simd(0x57),
  3,
  0,
  0,
];
