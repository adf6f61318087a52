import type { FlatMatrix } from '../values/flat-matrix.ts';
import type { Primitive } from './primitive.ts';

/** Where an operation was called: its name and the line of the user's source. */
export interface Origin {
  readonly primitive: Primitive;
  readonly source: string | undefined;
}

/** Sees every evaluated primitive while a mode that looks for NaN is on. */
export interface Watch {
  evaluated(primitive: Primitive, inputs: readonly FlatMatrix[], result: FlatMatrix): void;
  /** The line of the user's source that is being run. */
  source(): string | undefined;
  /** The operation whose derivative is being computed; undefined in the forward pass. */
  origin: Origin | undefined;
}

export const watching: { current: Watch | undefined } = { current: undefined };

/** Runs a part of an operation's rule, so that a watch can name the operation. */
export function asDerivativeOf<T>(origin: Origin, run: () => T): T {
  const watch = watching.current;
  if (watch === undefined) return run();
  const outer = watch.origin;
  watch.origin = origin;
  try {
    return run();
  } finally {
    watch.origin = outer;
  }
}
