import { div, mul, norm, relu, sub, sum, type Value, where } from '@steepest/autodiff';
import { argument, nonNegative, oneOf, required } from '@steepest/ground';
import type { Penalty } from './penalty.ts';

/** Which entries of a matrix are one group: each row, each column, or all of them. */
export type Grouping = 'rows' | 'columns' | 'all';

const axes = { rows: 1, columns: 0, all: undefined } as const;

/**
 * The group lasso h(x) = strength · Σ_g √(size of g) ‖x_g‖₂ (Yuan & Lin, 2006): whole groups become 0
 * together. A group is a row of each matrix ('rows', unless given), a column, or the whole matrix.
 *
 * prox(x)_g = x_g · max(0, 1 − step · strength · √size / ‖x_g‖). Throws a RangeError for a strength
 * below 0 or a grouping that is none of the three.
 *
 * ```ts
 * proximal(groupLasso(0.1, 'rows')); // a feature's coefficients for all classes
 * ```
 */
export function groupLasso(strength: number, grouping: Grouping = 'rows'): Penalty {
  argument('groupLasso', 'strength', strength, required(nonNegative()));
  argument('groupLasso', 'grouping', grouping, required(oneOf(['rows', 'columns', 'all'])));
  const axis = axes[grouping];
  const along = axis === undefined ? undefined : { axis };
  const weight = ({ rows, columns }: Value): number =>
    strength * Math.sqrt({ rows: columns, columns: rows, all: rows * columns }[grouping]);
  return {
    name: `groupLasso(${strength}, ${grouping})`,
    value: (x) => mul(weight(x), sum(norm(x, along))),
    prox: (x, step) => {
      const length = norm(x, along);
      const kept = relu(sub(length, mul(step, weight(x))));
      return mul(x, where(length, div(kept, length), 0));
    },
    separable: false,
  };
}
