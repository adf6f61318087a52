import { isCallable, refusal } from '@steepest/ground';
import type { AnyFunction } from './calling/recorded.ts';
import { Compiled } from './compiled.ts';
import { type CompileOptions, chosen } from './options.ts';

const known = new WeakMap<AnyFunction, Compiled>();

/**
 * The same function, fast: for each structure and shape of its arguments it is recorded once and
 * runs as a WebAssembly program over tiles of rows from then on.
 *
 * Results have f's structure and types and agree with f's to rounding (sums run in another order).
 * The first argument holds parameters, the others data; matrices and numbers that f captures are
 * read once. A derivative with respect to the first argument of a compiled loss is its compiled
 * gradient. Inside a recording, and in all other derivatives, f itself is called, and so it is where
 * it cannot be recorded: `explain` tells why. Throws what f throws; a TypeError or RangeError at once
 * for an option that is none.
 *
 * ```ts
 * const step = compile(valueAndGrad((w: Value, X: Value, y: Value) => logisticLoss(matmul(X, w), y)));
 * const { value, gradient } = step(w, X, y);
 * ```
 */
export function compile<F extends AnyFunction>(f: F, options: CompileOptions = {}): F {
  if (!isCallable(f)) {
    throw refusal('compile', 'it takes a function', f, 'write compile((params, batch) => …)');
  }
  const compiled = new Compiled(f, chosen('compile', options));
  const call = ((...args: never[]) => compiled.call(args)) as F;
  known.set(call, compiled);
  return call;
}

/** What stands behind a compiled function; undefined for other functions. */
export function compiledBehind(f: AnyFunction): Compiled | undefined {
  return known.get(f);
}
