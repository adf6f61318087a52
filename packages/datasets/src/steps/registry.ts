import { loadDates } from './dates.ts';
import type { FittedStep } from './frame.ts';
import { loadHashing } from './hashing.ts';
import { loadImpute } from './impute.ts';
import { loadInteractions } from './interactions.ts';
import { loadIntercept } from './intercept.ts';
import { loadMinMax } from './min-max.ts';
import { loadOneHot } from './one-hot.ts';
import { loadPolynomial } from './polynomial.ts';
import { loadRandomFourier } from './random-fourier.ts';
import { loadSplines } from './splines.ts';
import { loadStandardize } from './standardize.ts';

/** How each step is loaded from plain data, which it checks; a new step adds its line here. */
export const steps: ReadonlyMap<string, (state: unknown) => FittedStep> = new Map([
  ['dates', loadDates],
  ['impute', loadImpute],
  ['standardize', loadStandardize],
  ['min-max', loadMinMax],
  ['one-hot', loadOneHot],
  ['polynomial', loadPolynomial],
  ['interactions', loadInteractions],
  ['splines', loadSplines],
  ['random-fourier', loadRandomFourier],
  ['hashing', loadHashing],
  ['intercept', loadIntercept],
]);
