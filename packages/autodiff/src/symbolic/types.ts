import type { Untouched } from '../modes/types.ts';
import type { FlatMatrix } from '../values/flat-matrix.ts';
import type { Concrete, NdArrayLike, Operand, Value } from '../values/operand.ts';

/** A structure with other leaves in the place of its matrices and numbers. */
export type WithLeaves<Y, Leaf> = unknown extends Y
  ? unknown
  : Y extends Untouched | ArrayBufferView
    ? Y
    : Y extends number | Value | NdArrayLike
      ? Leaf
      : { -readonly [K in keyof Y]: WithLeaves<Y[K], Leaf> };

/** Arguments with other leaves in the place of their matrices and numbers. */
export type ArgumentsWith<A extends readonly unknown[], Leaf> = {
  [K in keyof A]: WithLeaves<A[K], Leaf>;
};

/** What a graph does with numbers; given tracers, it returns values that can be differentiated. */
export interface Evaluate<A extends readonly unknown[], Y> {
  (...args: ArgumentsWith<A, Concrete>): WithLeaves<Y, FlatMatrix>;
  (...args: ArgumentsWith<A, Operand>): WithLeaves<Y, Value>;
}

/** The value of an evaluation without sharing, and how many operations it took. */
export interface Naive<Y> {
  readonly value: WithLeaves<Y, FlatMatrix>;
  readonly operations: number;
}
