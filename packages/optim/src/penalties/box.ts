import { clip, relu } from '@steepest/autodiff';
import { show } from '@steepest/ground';
import { constraint, type Penalty } from './penalty.ts';

/**
 * The constraint lower ≤ xᵢ ≤ upper for every entry; its proximal operator clips. A side that is
 * infinite is open. Throws a RangeError unless lower ≤ upper.
 *
 * ```ts
 * proximal(box(-1, 1));
 * ```
 */
export function box(lower: number, upper: number): Penalty {
  if (!(typeof lower === 'number' && typeof upper === 'number' && lower <= upper)) {
    throw new RangeError(
      `box: expected lower ≤ upper, got ${show(lower)} and ${show(upper)}; ` +
        'an open side is -Infinity or Infinity',
    );
  }
  return constraint(
    `box(${lower}, ${upper})`,
    (x) => clip(x, lower, upper),
    (x) => Math.min(Math.max(x, lower), upper),
  );
}

/**
 * The constraint xᵢ ≥ 0 for every entry, as in non-negative least squares.
 *
 * ```ts
 * chain(descend(0.1), proximal(nonNegative()));
 * ```
 */
export function nonNegative(): Penalty {
  return constraint('nonNegative()', relu, (x) => Math.max(x, 0));
}
