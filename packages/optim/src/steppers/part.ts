import type { Operand, Tree } from '@steepest/autodiff';
import type { Stepper } from '../stepper.ts';
import type { Json } from '../train/encode.ts';
import { each } from './each.ts';

/** A stepper under a name of its own, for results and checkpoints. */
export function named<S>(name: string, stepper: Stepper<S>): Stepper<S> {
  return { ...stepper, name };
}

/** What a direction that remembers nothing is made of. */
interface Stateless {
  readonly name: string;
  readonly settings: Json;
  /** A leaf of the direction from the same leaf of the gradient and of the parameters. */
  readonly formula: (g: Operand, w: Operand) => Operand;
  readonly loop: <P>(gradient: P, params: P) => P;
}

/** A direction that remembers nothing: it depends on the gradient and the parameters, leaf by leaf. */
export function stateless({ name, settings, formula, loop }: Stateless): Stepper<null> {
  return {
    name,
    kind: 'direction',
    settings: () => settings,
    init: () => null,
    update: (gradient: Tree, state, params) => [each(formula, gradient, params), state],
    step: (gradient, state, params) => [loop(gradient, params), state],
  };
}
