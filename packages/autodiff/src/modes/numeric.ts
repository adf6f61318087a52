import { oneOf, positive, type Spec, settle } from '@steepest/ground';
import { expectFunction } from '../primitive/callable.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Operand } from '../values/operand.ts';
import { leafList, withLeaves } from '../values/tree.ts';
import { concreteFrom, entriesOf, numberFrom } from './entries.ts';
import { differenceQuotient, type Method } from './quotients.ts';
import type { Argument, GradientOf, JacobianOf } from './types.ts';

/** How a numeric derivative is taken. */
export interface NumericOptions {
  /** `central` without: see {@link numericGrad}. */
  readonly method?: Method;
  /** The (first) step h; one that suits the method and the size of the entry without. */
  readonly step?: number;
}

const spec = {
  method: oneOf(['forward', 'central', 'richardson'], 'central'),
  step: positive(),
} satisfies Spec<NumericOptions>;

/**
 * The gradient by difference quotients: of {@link grad}'s signature and structure, for any function
 * of numbers, also where no rule is known.
 *
 * `forward` (f(x + h) − f(x))/h, good to 7 digits; `central` (f(x + h) − f(x − h))/2h, the default,
 * to 10; `richardson`, central quotients extrapolated to h = 0, to 12 or more. Each costs 2 (or 24)
 * calls of f per entry of x. Wrong where f has a kink within h. Throws where f does not return 1×1.
 *
 * ```ts
 * numericGrad((x: Value) => sum(square(x)))(new FlatMatrix(2, 1, [3, 4])); // about [6; 8]
 * numericGrad((x: number) => Math.sin(x), { method: 'richardson' })(0); // about 1
 * ```
 */
export function numericGrad<P = FlatMatrix, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => Operand,
  options: NumericOptions = {},
): <X extends Argument<P>>(x: X, ...rest: R) => GradientOf<X> {
  expectFunction('numericGrad', f);
  const { method, step } = settle('numericGrad', options, spec);
  return (x, ...rest) => {
    const at = entriesOf('numericGrad', x);
    const value = (moved: unknown) => numberFrom('numericGrad', f(moved as P, ...rest));
    const slopes = at.map((leaf) =>
      leaf.map(
        ({ x: t, moved }) => differenceQuotient((s) => value(moved(s)), t, method, step).slope,
      ),
    );
    return withLeaves(x as unknown, inFormOf(x, slopes)) as never;
  };
}

/**
 * The {@link jacobian} by difference quotients, for a result that is one matrix or number.
 *
 * ```ts
 * numericJacobian((x: Value) => matmul(A, x))(x); // about A
 * ```
 */
export function numericJacobian<P = FlatMatrix, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => Operand,
  options: NumericOptions = {},
): <X extends Argument<P>>(x: X, ...rest: R) => JacobianOf<FlatMatrix, X> {
  expectFunction('numericJacobian', f);
  const { method, step } = settle('numericJacobian', options, spec);
  return (x, ...rest) => {
    const value = (moved: unknown) => concreteFrom('numericJacobian', f(moved as P, ...rest));
    const size = value(x).data.length;
    const blocks = entriesOf('numericJacobian', x).map((leaf) => {
      const block = new FlatMatrix(size, leaf.length);
      leaf.forEach((entry, column) => {
        const results = remembered((t) => value(entry.moved(t)).data);
        for (let row = 0; row < size; row++) {
          const { slope } = differenceQuotient((t) => results(t)[row], entry.x, method, step);
          block.data[row * leaf.length + column] = slope;
        }
      });
      return block;
    });
    return withLeaves(x as unknown, blocks) as never;
  };
}

function inFormOf(x: unknown, entries: readonly number[][]): (FlatMatrix | number)[] {
  return leafList(x).map((leaf, i) => {
    if (typeof leaf === 'number') return entries[i][0];
    const { rows, columns } = lift(leaf);
    return new FlatMatrix(rows, columns, entries[i]);
  });
}

/** f, called once for each argument. */
function remembered<T>(f: (t: number) => T): (t: number) => T {
  const known = new Map<number, T>();
  return (t) => {
    let result = known.get(t);
    if (result === undefined) {
      result = f(t);
      known.set(t, result);
    }
    return result;
  };
}
