import {
  adagrad,
  adam,
  adamw,
  gradientDescent,
  lbfgs,
  lion,
  momentum,
  nesterov,
  rmsprop,
  type Stepper,
} from '@steepest/optim';

/** The names that --optimizer takes. */
export type OptimizerName =
  | 'gd'
  | 'momentum'
  | 'nesterov'
  | 'adagrad'
  | 'rmsprop'
  | 'adam'
  | 'adamw'
  | 'lion'
  | 'lbfgs';

interface Maker {
  /** The rate that suits standardized data. */
  readonly rate: number;
  make(rate: number): Stepper;
}

const makers: Readonly<Record<OptimizerName, Maker>> = {
  gd: { rate: 0.3, make: (rate) => gradientDescent({ rate }) },
  momentum: { rate: 0.1, make: (rate) => momentum({ rate, decay: 0.9 }) },
  nesterov: { rate: 0.1, make: (rate) => nesterov({ rate, decay: 0.9 }) },
  adagrad: { rate: 0.5, make: (rate) => adagrad({ rate }) },
  rmsprop: { rate: 0.01, make: (rate) => rmsprop({ rate }) },
  adam: { rate: 0.05, make: (rate) => adam({ rate }) },
  adamw: { rate: 0.05, make: (rate) => adamw({ rate, decay: 0 }) },
  lion: { rate: 0.005, make: (rate) => lion({ rate }) },
  lbfgs: { rate: 1, make: () => lbfgs() },
};

export const optimizerNames: readonly OptimizerName[] = Object.keys(makers) as OptimizerName[];

export function isOptimizerName(text: string): text is OptimizerName {
  return (optimizerNames as readonly string[]).includes(text);
}

export function makeOptimizer(name: OptimizerName, rate: number = makers[name].rate): Stepper {
  return makers[name].make(rate);
}
