import type { ExpressionGraph, FlatMatrix, Primitive } from '@steepest/autodiff';

export type AnyFunction = (...args: never[]) => unknown;

/** What a leaf of the arguments is to the program. */
export type Role = 'value' | 'indices' | 'fixed';

/** A function recorded once, and how the leaves of a call enter it. */
export interface Recorded {
  readonly graph: ExpressionGraph<unknown[], unknown>;
  /** What f returned: the graph's outputs, but numbers of its own are numbers. */
  readonly result: unknown;
  readonly roles: readonly Role[];
  /** Which leaf the row or class numbers of a primitive are. */
  readonly leafOfIndices: ReadonlyMap<Int32Array, number>;
  /** Matrices that met row or class numbers while recording: operations without inputs. */
  readonly known: ReadonlyMap<Primitive, FlatMatrix>;
}

/** The row or class numbers among a primitive's parameters. */
export function indicesOf(parameters: unknown): Int32Array | undefined {
  const indices = (parameters as { indices?: unknown } | undefined)?.indices;
  return indices instanceof Int32Array ? indices : undefined;
}
