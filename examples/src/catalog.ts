import type { Options } from './options.ts';

export interface Example {
  readonly summary: string;
  /** Which options it heeds; none: it takes none. */
  readonly options: readonly (keyof Options)[];
  run(options: Options): Promise<void>;
}

const training = ['optimizer', 'rate', 'epochs', 'batch', 'seed', 'plain'] as const;

/** Every example by name; each is loaded when it is run. */
export const catalog: Readonly<Record<string, Example>> = {
  'linear-regression': {
    summary: 'diabetes progression from ten measurements, by least squares',
    options: training,
    run: async (options) => (await import('./linear-regression.ts')).run(options),
  },
  'logistic-regression': {
    summary: 'benign or malignant, from thirty measurements of cells',
    options: training,
    run: async (options) => (await import('./logistic-regression.ts')).run(options),
  },
  'softmax-iris': {
    summary: 'three species of iris, from four lengths',
    options: training,
    run: async (options) => (await import('./softmax-iris.ts')).run(options),
  },
  'larger-than-memory': {
    summary: 'a file fitted, judged and predicted from disk',
    options: [],
    run: async () => (await import('./larger-than-memory.ts')).run(),
  },
  'compose-an-optimizer': {
    summary: 'an optimizer of your own, chained from parts',
    options: [],
    run: async () => (await import('./compose-an-optimizer.ts')).run(),
  },
  'five-ways-to-differentiate': {
    summary: 'symbolic, numeric, forward and reverse, and the faults of each',
    options: [],
    run: async () => (await import('./five-ways-to-differentiate.ts')).run(),
  },
  'cost-of-the-chain-rule': {
    summary: 'copied subexpressions against shared ones, counted and timed',
    options: [],
    run: async () => (await import('./cost-of-the-chain-rule.ts')).run(),
  },
  'cheap-gradients': {
    summary: 'forward mode costs a pass per input, reverse mode one for all',
    options: [],
    run: async () => (await import('./cheap-gradients.ts')).run(),
  },
  rosenbrock: {
    summary: 'the bent valley: gradient descent against better ideas',
    options: [],
    run: async () => (await import('./rosenbrock.ts')).run(),
  },
  'step-size-theory': {
    summary: 'how fast a fixed rate can be, predicted from the curvature and measured',
    options: [],
    run: async () => (await import('./step-size-theory.ts')).run(),
  },
  'nonlinear-fit': {
    summary: 'a curve through measurements, with standard errors, against certified digits',
    options: [],
    run: async () => (await import('./nonlinear-fit.ts')).run(),
  },
  'what-a-fit-says': {
    summary: 'p-values, tests, intervals and residuals of a fit, as a statistician asks for them',
    options: [],
    run: async () => (await import('./what-a-fit-says.ts')).run(),
  },
  'write-a-report': {
    summary: 'a page about a fit, to show to somebody: metrics, coefficients, curves',
    options: [],
    run: async () => (await import('./write-a-report.ts')).run(),
  },
  'lasso-path': {
    summary: 'which measurements a diagnosis needs: a lasso, strength by strength',
    options: [],
    run: async () => (await import('./lasso-path.ts')).run(),
  },
  'choose-a-model': {
    summary: 'folds, a search, the one-standard-error rule, calibration and a threshold by cost',
    options: [],
    run: async () => (await import('./choose-a-model.ts')).run(),
  },
  'hyperparameter-gradients': {
    summary: 'a penalty tuned by differentiating through the fit',
    options: [],
    run: async () => (await import('./hyperparameter-gradients.ts')).run(),
  },
  'define-an-op': {
    summary: 'a new operation with its derivative, in one place',
    options: [],
    run: async () => (await import('./define-an-op.ts')).run(),
  },
  'neural-network': {
    summary: 'two moons told apart by one hidden layer',
    options: training,
    run: async (options) => (await import('./neural-network.ts')).run(options),
  },
};

/** What `npm start` runs without a name. */
export const mainJob: readonly string[] = ['linear-regression', 'logistic-regression'];
