import { type FlatMatrix, leavesOf } from '@steepest/autodiff';
import { expect } from 'vitest';
import { compiledBehind } from '../src/compile.ts';
import { type CompileOptions, compile } from '../src/index.ts';

type AnyFunction = (...args: never[]) => unknown;

/**
 * Compiles f and expects the same results for these arguments as from f itself: NaN and infinities
 * in the same places, all else within 1e-12 of the value (or of `scale`, where sums cancel).
 */
export function expectAgreement(
  f: AnyFunction,
  args: readonly unknown[],
  {
    scale = 0,
    whole = false,
    ...options
  }: CompileOptions & { scale?: number; whole?: boolean } = {},
): void {
  const compiled = compile(f, options);
  const plain = f(...(args as never[]));
  if (!whole) expect(reasonOf(compiled, args)).toBeUndefined();
  const fast = compiled(...(args as never[]));
  expectClose(fast, plain, scale);
  if (options.tileRows === undefined) return;
  // Data that streams, one tile at a time: the same bytes.
  const streamed = compile(f, { ...options, streamBytes: 0 })(...(args as never[]));
  expect(streamed).toEqual(fast);
}

/** Why a compiled function calls f itself for these arguments; undefined where it does not. */
export function reasonOf(compiled: AnyFunction, args: readonly unknown[]): string | undefined {
  const entry = compiledBehind(compiled)?.entryOf(args as never[]);
  return entry === undefined ? 'a tracer' : entry.reason;
}

export function expectClose(
  actual: unknown,
  expected: unknown,
  scale = 0,
  tolerance = 1e-12,
): void {
  const a = leavesOf(actual);
  const b = leavesOf(expected);
  expect(a.map(({ path }) => path)).toEqual(b.map(({ path }) => path));
  a.forEach(({ path, leaf }, i) => {
    const other = b[i].leaf;
    expect(typeof leaf).toBe(typeof other);
    const [x, y] = [entriesOf(leaf), entriesOf(other)];
    expect(x.length).toBe(y.length);
    for (let k = 0; k < x.length; k++) {
      const bound = tolerance * Math.max(Math.abs(y[k]), scale) + 1e-300;
      const same = Object.is(x[k], y[k]) || x[k] === y[k] || Math.abs(x[k] - y[k]) <= bound;
      if (!same) throw new Error(`${path}[${k}]: compiled ${x[k]}, plain ${y[k]}`);
    }
  });
}

function entriesOf(leaf: unknown): ArrayLike<number> {
  return typeof leaf === 'number' ? [leaf] : (leaf as FlatMatrix).data;
}

export { entriesFrom, randomMatrix } from './random.ts';
