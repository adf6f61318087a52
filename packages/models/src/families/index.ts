import type { Family } from './family.ts';
import { gamma } from './gamma.ts';
import { huber } from './huber.ts';
import { linear } from './linear.ts';
import { logistic } from './logistic.ts';
import { negativeBinomial } from './negative-binomial.ts';
import { poisson } from './poisson.ts';
import { probit } from './probit.ts';
import { softmax } from './softmax.ts';

/** The table of families: what a saved model may be of. */
export const families: readonly Family[] = [
  linear,
  logistic,
  softmax,
  poisson,
  gamma,
  probit,
  // settings of a saved model replace these
  negativeBinomial(1),
  huber(1),
];
