import { FlatMatrix, type Operand, type Value } from '@steepest/autodiff';

const zero = new FlatMatrix(1, 1);

/**
 * A convex function h with a proximal operator in closed form, stated in operations, leaf by leaf. A
 * constraint is the function that is 0 where it holds and ∞ elsewhere.
 */
export interface Penalty {
  /** What a report and a checkpoint call it, with its settings: `l1(0.1)`. */
  readonly name: string;
  /** h(x), 1×1; of a constraint, 0. */
  value(x: Value): Value;
  /**
   * prox(x) = argmin over z of h(z) + ‖z − x‖²/(2 step); `step` is 1×1, or of x's shape where
   * `separable`.
   */
  prox(x: Value, step: Operand): Value;
  /** The proximal operator of one entry, in numbers, where `separable`: for coordinate descent. */
  readonly entry?: ((x: number, step: number) => number) | undefined;
  /** h is a sum over entries, so that every entry may have a step of its own. */
  readonly separable: boolean;
}

/**
 * A constraint by the projection onto what it allows, whatever the step; `entry` where each entry has
 * its own.
 */
export function constraint(
  name: string,
  project: (x: Value) => Value,
  entry?: (x: number) => number,
): Penalty {
  return {
    name,
    value: () => zero,
    prox: (x) => project(x),
    ...(entry && { entry }),
    separable: entry !== undefined,
  };
}
