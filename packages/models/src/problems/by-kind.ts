import { linearRegression } from './linear.ts';
import { logisticRegression } from './logistic.ts';
import { poissonRegression } from './poisson.ts';
import type { Kind, PenaltyOptions, Problem } from './problem.ts';
import { type SoftmaxOptions, softmaxRegression } from './softmax.ts';

/** The problem with these settings: how a saved model gets its functions back. */
export function problemOf(kind: Kind, options: PenaltyOptions & SoftmaxOptions): Problem {
  if (kind === 'softmax') return softmaxRegression(options);
  if (kind === 'logistic') return logisticRegression(options);
  return kind === 'poisson' ? poissonRegression(options) : linearRegression(options);
}
