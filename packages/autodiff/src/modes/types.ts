import type { AbstractMatrix } from 'ml-matrix';
import type { FlatMatrix } from '../flat-matrix.ts';
import type { Operand, Value } from '../primitive.ts';

type Untouched =
  | string
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | ((...args: never) => unknown);

/** What a transformed function accepts where the function itself declares a parameter of type P. */
export type Argument<P> = P extends Untouched
  ? P
  : P extends number | Value
    ? Operand
    : P extends ArrayBufferView
      ? P
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
