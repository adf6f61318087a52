import {
  definePrimitive,
  FlatMatrix,
  grad,
  leavesOf,
  mul,
  sum,
  type Value,
  withLeaves,
} from '@steepest/autodiff';
import type { AnyFunction } from './calling/recorded.ts';
import { isTracer, skeletonOf } from './calling/skeleton.ts';

interface Both {
  readonly value: number;
  readonly gradient: unknown;
}

/**
 * f inside a derivative with respect to its first argument: one operation whose value and slope come
 * from f's compiled gradient, `both`. Calls f itself where that has no program, inside a recording,
 * and where another argument is being differentiated. Higher derivatives go through f.
 */
export function differentiated(
  f: AnyFunction,
  args: readonly unknown[],
  both: (args: never[]) => unknown,
): unknown {
  const [first, ...rest] = args;
  const itself = (): unknown => f(...(args as never[]));
  if (typeof skeletonOf(rest) === 'string') return itself();
  const leaves = leavesOf(first).map(({ leaf }) => leaf as Value);
  const lowered = leaves.map(numbersOf);
  if (lowered.includes(undefined)) return itself();
  const run = (values: readonly unknown[]): Both | undefined =>
    both([withLeaves(first, values), ...rest] as never[]) as Both | undefined;
  let here: Both | undefined;
  try {
    here = run(lowered);
  } catch {
    // f's own error, or none: it need not return a single number.
  }
  if (here === undefined) return itself();
  const slopes = new WeakMap<object, readonly Value[]>();
  const evaluated = (...values: FlatMatrix[]): FlatMatrix => {
    const { value, gradient } = here ?? (run(values) as Both);
    here = undefined;
    const result = new FlatMatrix(1, 1, [value]);
    slopes.set(
      result,
      leavesOf(gradient).map(({ leaf }) => leaf as Value),
    );
    return result;
  };
  const slopeOf = (index: number, result: Value, inputs: readonly Value[]): Value => {
    const known = slopes.get(result);
    if (known !== undefined) return known[index];
    const along = (x: Value): Value => {
      const values = inputs.map((input, i) => (i === index ? x : input));
      return f(...([withLeaves(first, values), ...rest] as never[])) as Value;
    };
    return grad(along)(inputs[index]) as Value;
  };
  const operation = definePrimitive({
    name: 'compiled',
    shape: () => [1, 1] as const,
    value: evaluated,
    partials: leaves.map((_, index) => (result: Value, ...inputs: Value[]) => {
      const slope = slopeOf(index, result, inputs);
      return {
        push: (tangent: Value) => sum(mul(slope, tangent)),
        pull: (cotangent: Value) => mul(cotangent, slope),
      };
    }),
  });
  return operation(...(leaves as never[]));
}

function isTraced(leaf: unknown): boolean {
  return typeof leaf === 'object' && leaf !== null && isTracer(leaf);
}

/** The numbers behind a value that is being differentiated; undefined where there are none yet. */
function numbersOf(leaf: Value): unknown {
  let value: unknown = leaf;
  try {
    while (isTraced(value)) value = (value as { lower(): unknown }).lower();
  } catch {
    return undefined;
  }
  return value;
}
