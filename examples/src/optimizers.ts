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

/** The optimizers that the command line knows, each with the rate that suits standardized data. */
const makers = {
  gd: { rate: 0.3, make: (rate: number) => gradientDescent({ rate }) },
  momentum: { rate: 0.1, make: (rate: number) => momentum({ rate, decay: 0.9 }) },
  nesterov: { rate: 0.1, make: (rate: number) => nesterov({ rate, decay: 0.9 }) },
  adagrad: { rate: 0.5, make: (rate: number) => adagrad({ rate }) },
  rmsprop: { rate: 0.01, make: (rate: number) => rmsprop({ rate }) },
  adam: { rate: 0.05, make: (rate: number) => adam({ rate }) },
  adamw: { rate: 0.05, make: (rate: number) => adamw({ rate, decay: 0 }) },
  lion: { rate: 0.005, make: (rate: number) => lion({ rate }) },
  lbfgs: { rate: 1, make: () => lbfgs() },
} as const;

export type OptimizerName = keyof typeof makers;

export const optimizerNames: readonly OptimizerName[] = Object.keys(makers) as OptimizerName[];

export function isOptimizerName(text: string): text is OptimizerName {
  return (optimizerNames as readonly string[]).includes(text);
}

export function makeOptimizer(name: OptimizerName, rate: number = makers[name].rate): Stepper {
  return makers[name].make(rate);
}
