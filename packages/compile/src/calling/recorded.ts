import type { ExpressionGraph, FlatMatrix } from '@steepest/autodiff';

export type AnyFunction = (...args: never[]) => unknown;

/** What a leaf of the arguments is to the program. */
export type Role = 'value' | 'indices' | 'fixed';

/** A function recorded once, and how the leaves of a call enter it. */
export interface Recorded {
  readonly graph: ExpressionGraph<unknown[], unknown>;
  readonly roles: readonly Role[];
  /** Which leaf an array of indices, or a matrix of them, stood for while recording. */
  readonly standIns: ReadonlyMap<unknown, number>;
  readonly indexContents: readonly (Int32Array | undefined)[];
  /** Constants that hold given entries, one a row, where row or class numbers say. */
  readonly placed: ReadonlyMap<unknown, Placed>;
}

/** Zeros, but for one entry in each row, in the column that a leaf of indices says. */
export interface Placed {
  readonly leaf: number;
  readonly entries: FlatMatrix;
}

/** The row or class numbers among a primitive's parameters. */
export function indicesOf(parameters: unknown): Int32Array | undefined {
  const indices = (parameters as { indices?: unknown } | undefined)?.indices;
  return indices instanceof Int32Array ? indices : undefined;
}

/** The leaf whose stand-in has these contents; undefined for a constant of the function. */
export function leafOfIndices(
  { indexContents }: Recorded,
  indices: Int32Array | undefined,
): number | undefined {
  if (indices === undefined) return undefined;
  const hits = indexContents.flatMap((contents, leaf) =>
    contents !== undefined && sameEntries(contents, indices) ? [leaf] : [],
  );
  return hits.length === 1 ? hits[0] : undefined;
}

/** Whether two arrays hold the same numbers, NaN included. */
export function sameEntries(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
