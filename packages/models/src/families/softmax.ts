import { exp, logSoftmax, neg, pick, softmax as softmaxOf, sub } from '@steepest/autodiff';
import { hyperplane } from '../checks/separation.ts';
import { accuracyOf } from '../metrics/confusion.ts';
import { classLogLoss } from '../metrics/probability.ts';
import type { Family } from './family.ts';
import type { ClassOptions, Problem } from './problem.ts';
import { regression } from './regression.ts';
import { manyLabels } from './targets.ts';

/** Class codes 0 … K−1; t has one column for each class. */
export const softmax: Family = {
  kind: 'softmax',
  name: 'softmax regression',
  risk: '(1/n) Σ [log Σₖ e^tₖ − t_y]',
  where: 't = x·w + b',
  loss: (t, y) => neg(pick(logSoftmax(t, { axis: 1 }), y)),
  mean: (t) => softmaxOf(t, { axis: 1 }),
  // Σ (pₖ − [k = y])²/pₖ = 1/p_y − 1
  decrement: (t, y) => sub(exp(softmax.loss(t, y)), 1),
  target: manyLabels,
  measures: { accuracy: accuracyOf, logLoss: classLogLoss },
  separable: hyperplane,
  canonical: true,
  ratio: 'relative-risk ratio',
  perClass: true,
};

/**
 * Softmax (multinomial logistic) regression for class codes y in 0 … K−1, with a column of w for
 * every class: minimize (1/n) Σᵢ [log Σₖ e^tᵢₖ − tᵢ,yᵢ] + (l2/2) Σ w², t = x·w + b, n×K.
 *
 * The classes are those of the training rows unless `classes` declares them. The same number added to
 * all of b changes nothing: `fit` reports b with sum 0. Throws a RangeError for fewer than two classes.
 *
 * ```ts
 * const fitted = await fit(softmaxRegression({ l2: 0.01 }), train, { target: 'species' });
 * softmaxRegression({ classes: ['setosa', 'versicolor', 'virginica'], l2: 0.01 });
 * ```
 */
export function softmaxRegression(options: ClassOptions = {}): Problem {
  return regression(softmax, options);
}
