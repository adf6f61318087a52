import type { F64, I32, I64, V128 } from './code.ts';
import { unsigned } from './leb128.ts';
import { bytesOf } from './scalar.ts';

type Unary = (a: V128) => V128;
type Binary = (a: V128, b: V128) => V128;
type Ternary = (a: V128, b: V128, c: V128) => V128;
type Shift = (a: V128, bits: I32) => V128;

/** The bytes of a SIMD instruction. */
export const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

const unary = (opcode: number): Unary => {
  const bytes = simd(opcode);
  return (a) => [a, ...bytes];
};
const binary = (opcode: number): Binary => {
  const bytes = simd(opcode);
  return (a, b) => [a, b, ...bytes];
};
const ternary = (opcode: number): Ternary => {
  const bytes = simd(opcode);
  return (a, b, c) => [a, b, c, ...bytes];
};
const shift = (opcode: number): Shift => {
  const bytes = simd(opcode);
  return (a, bits) => [a, bits, ...bytes];
};

/** Bits, whatever they mean. */
export const v128: {
  /** A float64 in both lanes. */
  twice(value: number): V128;
  not: Unary;
  and: Binary;
  /** a & ~b */
  andnot: Binary;
  or: Binary;
  xor: Binary;
  /** Bits of a where the mask has ones, of b elsewhere. */
  bitselect(a: V128, b: V128, mask: V128): V128;
  anyTrue(a: V128): I32;
  /** 16 bytes of a (0–15) and b (16–31). */
  shuffle(a: V128, b: V128, bytes: readonly number[]): V128;
} = {
  twice: (value) => [...simd(0x0c), ...bytesOf(value), ...bytesOf(value)],
  not: unary(0x4d),
  and: binary(0x4e),
  andnot: binary(0x4f),
  or: binary(0x50),
  xor: binary(0x51),
  bitselect: ternary(0x52),
  anyTrue: (a) => [a, ...simd(0x53)],
  shuffle: (a, b, bytes) => [a, b, ...simd(0x0d), ...bytes],
};

/** Two float64 side by side. Comparisons give a mask of ones or zeros. */
export const f64x2: {
  splat(a: F64): V128;
  /** (a b) */
  pair(a: F64, b: F64): V128;
  extract(a: V128, lane: 0 | 1): F64;
  eq: Binary;
  ne: Binary;
  lt: Binary;
  gt: Binary;
  le: Binary;
  ge: Binary;
  abs: Unary;
  neg: Unary;
  sqrt: Unary;
  nearest: Unary;
  add: Binary;
  sub: Binary;
  mul: Binary;
  div: Binary;
  /** Math.min and Math.max: NaN wins, −0 < 0. */
  min: Binary;
  max: Binary;
  /** b < a ? b : a, so that a NaN in a stays. */
  pmin: Binary;
  /** a < b ? b : a, so that a NaN in a stays. */
  pmax: Binary;
  /** The two lower float32. */
  promoteLow: Unary;
  /** a·b + c and c − a·b, rounded once or twice: only where `features().relaxedSimd`. */
  relaxedMadd: Ternary;
  relaxedNmadd: Ternary;
} = {
  splat: (a) => [a, ...simd(0x14)],
  pair: (a, b) => [a, ...simd(0x14), b, ...simd(0x22), 1],
  extract: (a, lane) => [a, ...simd(0x21), lane],
  eq: binary(0x47),
  ne: binary(0x48),
  lt: binary(0x49),
  gt: binary(0x4a),
  le: binary(0x4b),
  ge: binary(0x4c),
  abs: unary(0xec),
  neg: unary(0xed),
  sqrt: unary(0xef),
  nearest: unary(0x94),
  add: binary(0xf0),
  sub: binary(0xf1),
  mul: binary(0xf2),
  div: binary(0xf3),
  min: binary(0xf4),
  max: binary(0xf5),
  pmin: binary(0xf6),
  pmax: binary(0xf7),
  promoteLow: unary(0x5f),
  relaxedMadd: ternary(0x107),
  relaxedNmadd: ternary(0x108),
};

/** Two 64-bit integers side by side. */
export const i64x2: {
  splat(a: I64): V128;
  shl: Shift;
  shrU: Shift;
  add: Binary;
  sub: Binary;
  eq: Binary;
} = {
  splat: (a) => [a, ...simd(0x12)],
  shl: shift(0xcb),
  shrU: shift(0xcd),
  add: binary(0xce),
  sub: binary(0xd1),
  eq: binary(0xd6),
};

/** Four float32 side by side. */
export const f32x4: {
  add: Binary;
  mul: Binary;
  /** Both float64 as the two lower float32. */
  demoteZero: Unary;
  relaxedMadd: Ternary;
} = {
  add: binary(0xe4),
  mul: binary(0xe6),
  demoteZero: unary(0x5e),
  relaxedMadd: ternary(0x105),
};

/** (a₀ a₁), (b₀ b₁) → (a₀ b₀) */
export const lowHalves = (a: V128, b: V128): V128 =>
  v128.shuffle(a, b, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);

/** (a₀ a₁), (b₀ b₁) → (a₁ b₁) */
export const highHalves = (a: V128, b: V128): V128 =>
  v128.shuffle(a, b, [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]);

/** a₀ + a₁, of a value that is cheap to name twice. */
export const sumOfLanes = (a: V128): F64 => [f64x2.extract(a, 0), f64x2.extract(a, 1), 0xa0];
