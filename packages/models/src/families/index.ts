import type { Family } from './family.ts';
import { linear } from './linear.ts';
import { logistic } from './logistic.ts';
import { poisson } from './poisson.ts';
import { softmax } from './softmax.ts';

/** The table of families: what a saved model may be of. */
export const families: readonly Family[] = [linear, logistic, softmax, poisson];
