import type { Problem } from '../families/problem.ts';
import type { FitOptions } from './options.ts';

// A record, so that the compiler misses no option.
const options: Readonly<Record<keyof FitOptions, true>> = {
  target: true,
  features: true,
  preparation: true,
  positive: true,
  weights: true,
  analyticWeights: true,
  offset: true,
  exposure: true,
  optimizer: true,
  batchSize: true,
  epochs: true,
  stop: true,
  seed: true,
  validation: true,
  allow: true,
  params: true,
  differentiate: true,
  signal: true,
  checkpoint: true,
  onReport: true,
  reportEvery: true,
  engine: true,
  now: true,
};

/** Throws a TypeError for options that `fit` does not have: what is misspelt would do nothing. */
export function refuseUnknownOptions(given: FitOptions): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(options, name));
  if (unknown === undefined) return;
  const advice =
    unknown === 'rate' || unknown === 'learningRate'
      ? 'the rate is set in the optimizer, adam({ rate: 0.01 })'
      : unknown === 'l2'
        ? 'the penalty is set in the problem, logisticRegression({ l2: 0.01 })'
        : `the options are ${Object.keys(options).join(', ')}`;
  throw new TypeError(`fit: there is no option "${unknown}"; ${advice}`);
}

/** Throws a TypeError where the first two arguments are something else altogether. */
export function refuseStrangers(problem: Problem, data: unknown): void {
  if (typeof problem?.init !== 'function' || typeof problem.loss !== 'function') {
    const found = typeof problem === 'function' ? 'a function: call it' : 'something else';
    throw new TypeError(
      `fit: the first argument must be a problem such as logisticRegression(), got ${found}`,
    );
  }
  if (data instanceof Promise) {
    throw new TypeError('fit: the data is still a promise; await it, then split() it');
  }
  if (typeof data === 'object' && data !== null && ('x' in data || 'schema' in data)) return;
  throw new TypeError(
    'fit: the data must be a training table, of split() or asTraining(), or { x, y } of numbers',
  );
}
