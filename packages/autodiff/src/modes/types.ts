import type { AbstractMatrix } from 'ml-matrix';
import type { FlatMatrix } from '../values/flat-matrix.ts';
import type { NdArrayLike, Operand, Value } from '../values/operand.ts';

/** What a structure may hold beside matrices and numbers; it passes through. */
export type Untouched =
  | string
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | ((...args: never) => unknown);

/** What a transformed function accepts where the function itself declares a parameter of type P. */
export type Argument<P> = unknown extends P
  ? unknown
  : P extends Untouched | ArrayBufferView
    ? P
    : P extends number | Value
      ? Operand
      : { [K in keyof P]: Argument<P[K]> };

/** What a derivative with respect to an argument of type X looks like: X's structure. */
export type GradientOf<X> = X extends Untouched
  ? X
  : X extends number
    ? number
    : X extends AbstractMatrix
      ? FlatMatrix
      : X extends { rows: number; columns: number }
        ? Value extends X
          ? Value
          : FlatMatrix
        : X extends { shape: readonly number[]; offset: number }
          ? FlatMatrix
          : X extends ArrayBufferView
            ? X
            : { -readonly [K in keyof X]: GradientOf<X[K]> };

/** The Jacobians of one result with respect to X: X's structure, a matrix for each leaf. */
type BlocksOf<X> = X extends Untouched | ArrayBufferView
  ? X
  : X extends number
    ? FlatMatrix
    : X extends Value | NdArrayLike
      ? GradientOf<X>
      : { -readonly [K in keyof X]: BlocksOf<X[K]> };

/** What the Jacobian of a result of type Y looks like: Y's structure, X's structure in each leaf. */
export type JacobianOf<Y, X> = Y extends Untouched | ArrayBufferView
  ? Y
  : Y extends number | Value | NdArrayLike
    ? BlocksOf<X>
    : { -readonly [K in keyof Y]: JacobianOf<Y[K], X> };

/** A Hessian is one matrix for all leaves together; a number where X is one. */
export type HessianOf<X> = X extends number
  ? number
  : X extends Value | NdArrayLike
    ? GradientOf<X>
    : FlatMatrix;

/** `never` where an argument of type X holds numbers only, so that results do too. */
type TracedIn<X> = X extends Untouched | number | ArrayBufferView | AbstractMatrix
  ? never
  : X extends { rows: number; columns: number }
    ? Value extends X
      ? Value
      : never
    : X extends NdArrayLike
      ? never
      : X extends readonly (infer E)[]
        ? TracedIn<E>
        : unknown extends X
          ? Value
          : { [K in keyof X]-?: TracedIn<X[K]> }[keyof X];

type NumbersOf<Y> = Y extends Untouched | ArrayBufferView
  ? Y
  : Y extends number | Value | NdArrayLike
    ? FlatMatrix
    : { -readonly [K in keyof Y]: NumbersOf<Y[K]> };

/** A function's result of type Y at an argument of type X: matrices of numbers where X holds such. */
export type ResultOf<Y, X> = [TracedIn<X>] extends [never] ? NumbersOf<Y> : GradientOf<Y>;
