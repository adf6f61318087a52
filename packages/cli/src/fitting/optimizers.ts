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
  sgd,
} from '@steepest/optim';

export type OptimizerName =
  | 'sgd'
  | 'gd'
  | 'momentum'
  | 'nesterov'
  | 'adagrad'
  | 'rmsprop'
  | 'adam'
  | 'adamw'
  | 'lion'
  | 'lbfgs';

/** Each with the rate that suits standardized columns. */
const makers: Readonly<Record<OptimizerName, (rate?: number) => Stepper>> = {
  sgd: (rate = 0.05) => sgd({ rate }),
  gd: (rate = 0.3) => gradientDescent({ rate }),
  momentum: (rate = 0.1) => momentum({ rate, decay: 0.9 }),
  nesterov: (rate = 0.1) => nesterov({ rate, decay: 0.9 }),
  adagrad: (rate = 0.5) => adagrad({ rate }),
  rmsprop: (rate = 0.01) => rmsprop({ rate }),
  adam: (rate = 0.05) => adam({ rate }),
  adamw: (rate = 0.05) => adamw({ rate, decay: 0 }),
  lion: (rate = 0.005) => lion({ rate }),
  lbfgs: () => lbfgs(),
};

export const optimizerNames: readonly OptimizerName[] = Object.keys(makers) as OptimizerName[]; // the keys of the record above

export function optimizerOf(name: OptimizerName, rate: number | undefined): Stepper {
  return makers[name](rate);
}
