import { logSoftmax, neg, pick, softmax } from '@steepest/autodiff';
import { generalizedLinear } from './generalized-linear.ts';
import type { PenaltyOptions, Problem } from './problem.ts';

/** `classes`: how many there are, or their names in the order of their codes 0, 1, … */
export interface SoftmaxOptions extends PenaltyOptions {
  readonly classes: number | readonly string[];
}

/**
 * Softmax (multinomial logistic) regression for class codes y in 0 … K−1, with a column of w for
 * every class: minimize (1/n) Σᵢ [log Σₖ e^tᵢₖ − tᵢ,yᵢ] + (l2/2) Σ w², t = x·w + b, n×K.
 *
 * The same number added to all of b changes nothing: `fit` reports b with sum 0. Throws a RangeError
 * for fewer than two classes.
 *
 * ```ts
 * const problem = softmaxRegression({ classes: ['setosa', 'versicolor', 'virginica'], l2: 1e-3 });
 * problem.predict(problem.init(4), x); // n×3, each row sums to 1
 * ```
 */
export function softmaxRegression(options: SoftmaxOptions): Problem {
  const classes: SoftmaxOptions['classes'] | undefined = options?.classes;
  if (classes === undefined) {
    throw new TypeError(
      'softmax regression: needs the classes; pass their number or names: softmaxRegression({ classes: 3 })',
    );
  }
  const count = typeof classes === 'number' ? classes : classes.length;
  if (!Number.isInteger(count) || count < 2) {
    throw new RangeError(
      `softmax regression: needs at least two classes, found ${count}; pass their number or names`,
    );
  }
  if (typeof classes !== 'number' && new Set(classes).size < count) {
    throw new RangeError('softmax regression: a class is named twice; names must differ');
  }
  return generalizedLinear(
    {
      kind: 'softmax',
      name: 'softmax regression',
      risk: '(1/n) Σ [log Σₖ e^tₖ − t_y]',
      where: 't = x·w + b',
      outputs: count,
      classes: typeof classes === 'number' ? undefined : classes,
      losses: (t, y) => neg(pick(logSoftmax(t, { axis: 1 }), y)),
      mean: (t) => softmax(t, { axis: 1 }),
    },
    options,
  );
}
