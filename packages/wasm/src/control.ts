import type { Code, F64, I32, I64, Local, Statement, V128 } from './code.ts';
import { i32 } from './scalar.ts';

const block = 0x02;
const loop = 0x03;
const ifElse = 0x04;
const otherwise = 0x05;
const end = 0x0b;
const branchIf = 0x0d;
const noValue = 0x40;

/** if (condition) { yes } else { no } */
export function when(condition: I32, yes: Statement, no?: Statement): Statement {
  const rest: Code = no === undefined ? [] : [otherwise, no];
  return [condition, ifElse, noValue, yes, rest, end];
}

/** do { body } while (condition) */
export function doWhile(body: Statement, condition: I32): Statement {
  return [loop, noValue, body, condition, branchIf, 0, end];
}

/** while (condition) { body }, tested at the end of each round. */
export function whileTrue(condition: I32, body: Statement): Statement {
  return [block, noValue, i32.eqz(condition), branchIf, 0, doWhile(body, condition), end];
}

/**
 * for (; at !== end; at += step) { body }: `end` must lie a whole number of steps away. Addresses
 * are compared for equality so that a range may end at 4 GB, which is address 0.
 */
export function until(at: Local<I32>, endAt: I32, step: number | I32, body: Statement): Statement {
  const width = typeof step === 'number' ? i32.const(step) : step;
  return whileTrue(i32.ne(at, endAt), [body, at.set(i32.add(at, width))]);
}

/** condition ? yes : no, both evaluated. */
export function choose<T extends I32 | I64 | F64 | V128>(condition: I32, yes: T, no: T): T {
  return [yes, no, condition, 0x1b] as Code as T;
}

/** Leaves the function at once, with its result where it has one. */
export function leave(value?: Code): Statement {
  return [value ?? [], 0x0f];
}
