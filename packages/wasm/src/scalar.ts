import type { Code, F64, I32, I64 } from './code.ts';
import { signed } from './leb128.ts';

type Binary<T> = (a: T, b: T) => T;
type Comparison<T> = (a: T, b: T) => I32;

// An operator runs after its operands.
const binary =
  <T extends Code, R extends Code>(byte: number) =>
  (a: T, b: T): R =>
    [a, b, byte] as Code as R;
const unary =
  <T extends Code, R extends Code>(...bytes: number[]) =>
  (a: T): R =>
    [a, ...bytes] as Code as R;

interface Integers<T> {
  /** Zero bits before the highest one, and behind the lowest one; the width for 0. */
  clz(a: T): T;
  ctz(a: T): T;
  eqz(a: T): I32;
  eq: Comparison<T>;
  ne: Comparison<T>;
  ltS: Comparison<T>;
  ltU: Comparison<T>;
  gtS: Comparison<T>;
  gtU: Comparison<T>;
  leU: Comparison<T>;
  geU: Comparison<T>;
  add: Binary<T>;
  sub: Binary<T>;
  mul: Binary<T>;
  divU: Binary<T>;
  and: Binary<T>;
  or: Binary<T>;
  xor: Binary<T>;
  shl: Binary<T>;
  shrS: Binary<T>;
  shrU: Binary<T>;
}

// The 64-bit integers repeat the opcodes of the 32-bit ones at two other places.
function integers<T extends Code>(test: number, arithmetic: number): Integers<T> {
  return {
    clz: unary(arithmetic - 3),
    ctz: unary(arithmetic - 2),
    eqz: unary(test),
    eq: binary(test + 1),
    ne: binary(test + 2),
    ltS: binary(test + 3),
    ltU: binary(test + 4),
    gtS: binary(test + 5),
    gtU: binary(test + 6),
    leU: binary(test + 8),
    geU: binary(test + 10),
    add: binary(arithmetic),
    sub: binary(arithmetic + 1),
    mul: binary(arithmetic + 2),
    divU: binary(arithmetic + 4),
    and: binary(arithmetic + 7),
    or: binary(arithmetic + 8),
    xor: binary(arithmetic + 9),
    shl: binary(arithmetic + 10),
    shrS: binary(arithmetic + 11),
    shrU: binary(arithmetic + 12),
  };
}

/** Integers of 32 bits: counts and byte addresses. */
export const i32: Integers<I32> & { const(value: number): I32; wrap(a: I64): I32 } = {
  ...integers<I32>(0x45, 0x6a),
  const: (value) => [0x41, ...signed(BigInt(value | 0))],
  wrap: unary(0xa7),
};

/** Integers of 64 bits. */
export const i64: Integers<I64> & {
  const(value: bigint): I64;
  extendS(a: I32): I64;
  extendU(a: I32): I64;
} = {
  ...integers<I64>(0x50, 0x7c),
  const: (value) => [0x42, ...signed(BigInt.asIntN(64, value))],
  extendS: unary(0xac),
  extendU: unary(0xad),
};

const eightBytes = new DataView(new ArrayBuffer(8));

/** The eight bytes of a float64, lowest first. */
export function bytesOf(value: number): number[] {
  eightBytes.setFloat64(0, value, true);
  return Array.from({ length: 8 }, (_, i) => eightBytes.getUint8(i));
}

/** Numbers, as JavaScript has them. */
export const f64: {
  const(value: number): F64;
  eq: Comparison<F64>;
  lt: Comparison<F64>;
  gt: Comparison<F64>;
  abs(a: F64): F64;
  neg(a: F64): F64;
  sqrt(a: F64): F64;
  add: Binary<F64>;
  sub: Binary<F64>;
  mul: Binary<F64>;
  div: Binary<F64>;
  min: Binary<F64>;
  max: Binary<F64>;
  convertS(a: I32): F64;
} = {
  const: (value) => [0x44, ...bytesOf(value)],
  eq: binary(0x61),
  lt: binary(0x63),
  gt: binary(0x64),
  abs: unary(0x99),
  neg: unary(0x9a),
  sqrt: unary(0x9f),
  add: binary(0xa0),
  sub: binary(0xa1),
  mul: binary(0xa2),
  div: binary(0xa3),
  min: binary(0xa4),
  max: binary(0xa5),
  convertS: unary(0xb7),
};
