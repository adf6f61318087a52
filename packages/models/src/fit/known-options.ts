import { isLeaf } from '@steepest/autodiff';
import { isOnDisk } from '@steepest/datasets';
import {
  anything,
  boolean,
  callback,
  isPlain,
  listOf,
  oneOf,
  option,
  type Spec,
  seed,
  settle,
  signal,
  text,
  wholeNumber,
} from '@steepest/ground';
import { warningKinds } from '../checks/warning.ts';
import { expectProblem } from '../expect.ts';
import type { Problem } from '../families/problem.ts';
import { isRows } from '../rows/rows.ts';
import type { ClassWeights } from './class-weights.ts';
import type { FitOptions } from './options.ts';
import type { TableOptions } from './training-set.ts';

const column = text(undefined, { expected: 'the name of a column', sample: "'age'" });

/** The roles of a table's columns. */
export const tableSpec: Spec<TableOptions> = {
  target: column,
  features: listOf(column),
  exclude: listOf(column),
  preparation: option({
    expected: 'a preparation',
    accepts: (x) => typeof x === 'object' && x !== null && ('fit' in x || 'apply' in x),
    sample: 'prepare([standardize()])',
    advice: (x) => (Array.isArray(x) ? 'wrap the steps: prepare([standardize()])' : undefined),
  }),
  positive: text(undefined, { expected: 'the label that counts as 1' }),
  weights: column,
  analyticWeights: column,
  classWeights: option<ClassWeights>({
    expected: "'balanced' or a positive weight for each label",
    accepts: (x) =>
      x === 'balanced' ||
      (isPlain(x) && Object.values(x).every((w) => typeof w === 'number' && w > 0 && w < Infinity)),
    sample: "'balanced'",
  }),
  offset: column,
  exposure: column,
};

// What a run takes beside these (stop, validation, checkpoint, engine, optimizer) `train` looks at.
const spec = {
  ...tableSpec,
  optimizer: anything(),
  batchSize: wholeNumber(),
  epochs: wholeNumber(0),
  stop: anything(),
  seed: seed(),
  validation: anything(),
  allow: listOf(oneOf(warningKinds)),
  params: option({
    expected: 'parameters { w, b }',
    accepts: (x) =>
      typeof x === 'object' && x !== null && 'w' in x && 'b' in x && isLeaf(x.w) && isLeaf(x.b),
    sample: 'problem.init(3)',
  }),
  differentiate: callback('of a loss, such as valueAndGrad'),
  signal: signal(),
  checkpoint: anything(),
  onReport: callback('(report) => …'),
  onWarning: callback('(warning) => …'),
  advise: boolean(),
  reportEvery: wholeNumber(),
  engine: anything(),
  now: callback('() => milliseconds'),
} satisfies Spec<FitOptions>;

/** Throws for options that `fit` does not have, and for values that they cannot have. */
export function checkOptions(given: FitOptions): void {
  settle('fit', given, spec, {
    example: "fit(problem, train, { target: 'y' })",
    foreign: {
      rate: 'the rate is set in the optimizer, adam({ rate: 0.01 })',
      learningRate: 'the rate is set in the optimizer, adam({ rate: 0.01 })',
      l2: 'the penalty is set in the problem, logisticRegression({ l2: 0.01 })',
    },
  });
}

/** Throws a TypeError where the first two arguments are something else altogether. */
export function refuseStrangers(problem: Problem, data: unknown, operation = 'fit'): void {
  expectProblem(operation, problem);
  if (data instanceof Promise) {
    throw new TypeError(`${operation}: the data is still a promise; await it, then split() it`);
  }
  if (isRows(data) || isOnDisk(data)) return;
  if (typeof data === 'object' && data !== null && ('x' in data || 'schema' in data)) return;
  throw new TypeError(
    `${operation}: the data must be a training table, of split() or asTraining(), or { x, y } of numbers`,
  );
}
