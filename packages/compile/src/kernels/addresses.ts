import { type I32, i32, type Local, type Statement } from '@steepest/wasm';

/** Locals by name. */
export type Names<K extends string> = Readonly<Record<K, Local<I32>>>;

/** The address of an entry of a float64 array. */
export function entry(base: I32, index: I32): I32 {
  return i32.add(base, i32.shl(index, i32.const(3)));
}

/** Moves a pointer on. */
export function advance(pointer: Local<I32>, bytes: number | I32): Statement {
  return pointer.set(i32.add(pointer, typeof bytes === 'number' ? i32.const(bytes) : bytes));
}
