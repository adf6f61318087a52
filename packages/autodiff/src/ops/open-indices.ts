import type { Value } from '../values/operand.ts';

/** Row or class numbers that are known only when a recording is run. */
interface OpenIndices {
  readonly numbers: Int32Array;
  /** A known value as one that the recording follows. */
  readonly follow: (x: Value) => Value;
}

const open = new WeakMap<object, OpenIndices>();

/**
 * Lets `gather`, `pick` and the losses that use them take `standIn` for row or class numbers that a
 * recording does not know: for compilers, which put the numbers in later. Returns the array by which
 * the recorded primitives' `parameters.indices` can be recognized; its entries mean nothing.
 *
 * `follow` turns a known matrix into a value of the recording, so that whatever depends on the
 * numbers is recorded, never computed: computing with them throws a TypeError.
 */
export function openIndices(
  standIn: object,
  length: number,
  name: string,
  follow: (x: Value) => Value,
): Int32Array {
  const numbers = new Int32Array(length);
  // Recordings tell equal operations by the text of their parameters.
  Object.defineProperty(numbers, 'toString', { value: () => name });
  open.set(standIn, { numbers, follow });
  open.set(numbers, { numbers, follow });
  return numbers;
}

/** The array that stands for open indices; undefined for indices that are numbers. */
export function openNumbers(indices: unknown): Int32Array | undefined {
  return typeof indices === 'object' && indices !== null ? open.get(indices)?.numbers : undefined;
}

/** What a primitive at open indices is applied to. */
export function followed(indices: Int32Array, x: Value): Value {
  return open.get(indices)?.follow(x) ?? x;
}

/** Throws where a value would be computed from indices that are open. */
export function expectNumbers(name: string, indices: Int32Array): void {
  if (!open.has(indices)) return;
  throw new TypeError(
    `${name}: the row or class numbers are not known yet while the function is recorded`,
  );
}
