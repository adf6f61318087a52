import { derivative } from '../modes/forward.ts';
import type { GradientOf } from '../modes/types.ts';
import { expectFunction } from '../primitive/callable.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import type { ExpressionGraph } from './graph.ts';
import { record } from './record.ts';
import type { ArgumentsWith, Naive } from './types.ts';

/** A derivative as a formula that is written out in full: every use of a part is a copy of it. */
export interface NaiveDerivative<A extends readonly unknown[], Y> {
  /** The operations of the formula: all of them run in one evaluation. */
  readonly operations: number;
  /** The value of the formula, computed as written. */
  evaluate(...args: ArgumentsWith<A, Concrete>): Naive<Y>['value'];
  toString(): string;
  /** The same derivative with its common parts shared. */
  readonly shared: ExpressionGraph<A, Y>;
}

/**
 * The derivative of a function of one number by the rules of the textbook, without sharing: the
 * chain rule copies f(x) into f′(f(x)) f′(x), so that a chain of k functions takes O(k²) operations
 * where `derivative` and `grad` take O(k). It exists to be compared with them.
 *
 * ```ts
 * const naive = naiveDerivative((x) => sin(sin(sin(x))))(1);
 * naive.operations; // 8, naive.shared.operations: 7
 * ```
 */
export function naiveDerivative<R extends unknown[] = []>(
  f: (x: Value, ...rest: R) => Operand,
): (
  ...samples: ArgumentsWith<[x: Value, ...rest: R], Operand>
) => NaiveDerivative<[x: Value, ...rest: R], GradientOf<Value>> {
  expectFunction('naiveDerivative', f);
  return (...samples) => {
    const slope = (x: Value, ...rest: R) => derivative(f)(x, ...rest);
    const shared = record(slope, { simplify: 'exact' })(...samples);
    return {
      operations: shared.treeOperations,
      evaluate: (...args) => shared.evaluateNaively(...args).value,
      toString: () => shared.toString({ share: false }),
      shared,
    };
  };
}
