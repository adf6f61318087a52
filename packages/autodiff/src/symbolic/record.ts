import { oneOf, option, type Spec, settle } from '@steepest/ground';
import { expectFunction } from '../primitive/callable.ts';
import type { Operand, Value } from '../values/operand.ts';
import { asInputs } from './arguments.ts';
import { ExpressionGraph } from './graph.ts';
import { Recording } from './recording.ts';
import type { Simplify } from './rewrite.ts';
import type { ArgumentsWith, WithLeaves } from './types.ts';

export interface RecordOptions {
  /** What the arguments are called; x, y, z, … or their keys without. */
  readonly names?: readonly (string | undefined)[];
  /** Which rewrites are applied; 'algebraic' without. */
  readonly simplify?: Simplify;
}

const spec = {
  names: option<readonly (string | undefined)[]>({
    expected: 'a list of names',
    accepts: (x) =>
      Array.isArray(x) && x.every((name) => ['string', 'undefined'].includes(typeof name)),
    sample: "['x', 'y']",
  }),
  simplify: oneOf(['algebraic', 'exact', false], 'algebraic'),
} satisfies Spec<RecordOptions>;

/**
 * Runs a function once on symbols and returns what it did as an expression graph: symbolic mode.
 *
 * Every matrix and number among the arguments becomes an input: give a sample, or `shaped(rows,
 * columns)`; numbers are 1×1. Whatever else they hold is fixed. A host `if` or `while` on a value
 * throws a TypeError. Derivatives are functions, so they are recorded the same way.
 *
 * ```ts
 * record(grad((x: Value) => mul(x, exp(x))))(1).toString(); // 'exp(x) + x * exp(x)'
 * record((x: Value) => sum(square(x)))(shaped(3, 1)).operations; // 2
 * ```
 */
export function record<A extends unknown[], Y>(
  f: (...args: A) => Y,
  options: RecordOptions = {},
): (...samples: ArgumentsWith<A, Operand>) => ExpressionGraph<A, Y> {
  expectFunction('record', f);
  const { names = [], simplify } = settle('record', options, spec);
  return (...samples) => {
    const recording = new Recording(simplify);
    const { traced, signature } = asInputs(recording, samples, names);
    let result: Y;
    try {
      result = f(...(traced as readonly unknown[] as A));
    } finally {
      recording.ended = true;
    }
    return new ExpressionGraph<A, Y>(recording, signature, result as WithLeaves<Y, Value>);
  };
}
