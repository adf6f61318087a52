import { apply } from '../primitive/apply.ts';
import type { Called, Case, FamilyDefinition } from '../primitive/definition.ts';
import type { Family, Sample } from '../primitive/primitive.ts';
import type { FlatMatrix } from '../values/flat-matrix.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { type Shape, ShapeError, type Sized } from '../values/shape.ts';
import { type Along, type Axis, axisOf, options } from './axis.ts';
import { reductionNotation } from './notation-matrices.ts';

/** A reduction: all entries → 1×1, axis 0: r×c → 1×c, axis 1: r×c → r×1. */
export interface Reduction {
  (x: Concrete, options?: Axis): FlatMatrix;
  (x: Operand, options?: Axis): Value;
}

/** A reduction that is an operation of its own. */
export interface ReductionOperation extends Reduction {
  readonly primitive: Family;
}

/** The shape after a reduction along an axis. */
export function reducedShape(x: Sized, axis: Along): Shape {
  return [axis === 1 ? x.rows : 1, axis === 0 ? x.columns : 1];
}

/** How many entries of x go into one entry of the result. */
export function countAlong(x: Sized, axis: Along): number {
  return (axis === 1 ? 1 : x.rows) * (axis === 0 ? 1 : x.columns);
}

const samples: readonly Sample[] = [
  [
    [
      [0.5, -1.25, 2],
      [1.5, 0.25, -0.75],
    ],
  ],
  [[[0.5], [-1.25], [2]]],
  [[[3]]],
];

type ReductionCall = (x: Operand, given?: Axis) => Value;

/** What a reduction says of itself along an axis. */
export interface AlongAxis extends Pick<Case, 'partials' | 'print'> {
  readonly value: NonNullable<Case['value']>;
}

/**
 * The definition of a reduction, from what it does along an axis. Its primitives, one per axis, are
 * made once. Without `ofNothing` there is no result where there are no entries.
 */
export function reduction(
  name: string,
  along: (axis: Along) => AlongAxis,
  { ofNothing = false }: { readonly ofNothing?: boolean } = {},
): FamilyDefinition<[axis: Along]> & Called<[axis: Along], ReductionCall> {
  return {
    name,
    of: (axis) => ({
      parameters: options(axis),
      print: reductionNotation(name, axis),
      shape: (x) => {
        if (!ofNothing && countAlong(x, axis) === 0) throw nothing(name, x);
        return reducedShape(x, axis);
      },
      samples,
      ...along(axis),
    }),
    examples: [[undefined], [0], [1]],
    call: (of) => {
      const [all, ...byAxis] = [of(undefined), of(0), of(1)];
      return (x, given) => {
        const axis = axisOf(name, given);
        return apply(axis === undefined ? all : byAxis[axis], x);
      };
    },
  };
}

function nothing(name: string, x: Sized): ShapeError {
  return new ShapeError(`${name}: there are no entries in a ${x.rows}×${x.columns} value`);
}
