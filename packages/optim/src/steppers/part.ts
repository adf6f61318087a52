import type { Stepper } from '../stepper.ts';

/** A stepper under a name of its own, for results and checkpoints. */
export function named<S>(name: string, stepper: Stepper<S>): Stepper<S> {
  return { ...stepper, name };
}

/** A stepper that remembers nothing: its change depends on the gradient and the parameters. */
export function stateless(name: string, change: <P>(gradient: P, params: P) => P): Stepper<null> {
  return {
    name,
    init: () => null,
    step: (gradient, _, params) => [change(gradient, params), null],
  };
}
