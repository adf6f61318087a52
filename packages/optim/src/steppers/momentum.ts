import type { Tree } from '@steepest/autodiff';
import { fraction, type Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/** The running sum of gradients, in the structure of the parameters. */
export interface VelocityState {
  readonly velocity: Tree;
}

/**
 * A decaying sum of what it is given: v ← decay · v + g, u = v (Polyak, 1964; PyTorch's SGD, Optax's
 * trace). Dampened, all gradients but the first count less: v ← decay · v + (1 − dampening) g.
 *
 * ```ts
 * chain(clipByValue(0.5), accumulate(0.9), descend(0.1));
 * ```
 */
export function accumulate(
  decay: number,
  settings: { dampening?: number | undefined } = {},
): Stepper<VelocityState> {
  knownOptions('accumulate', settings, { dampening: true });
  const { dampening = 0 } = settings;
  fraction('accumulate', 'decay', decay);
  fraction('accumulate', 'dampening', dampening);
  return {
    name: 'accumulate',
    init: (params) => ({ velocity: zerosLike(params) }),
    step(gradient, state, _, at) {
      const share = at.step === 0 ? 1 : 1 - dampening;
      const velocity = decayedSum(decay, gradient, state.velocity, share);
      return [velocity, { velocity }];
    },
  };
}

/**
 * The decaying sum as it will be one step further: v ← decay · v + g, u = g + decay · v (Sutskever
 * et al., 2013, in the form of PyTorch's nesterov=True and Optax's trace).
 *
 * ```ts
 * chain(lookAhead(0.9), descend(0.1)); // Nesterov's accelerated gradient
 * ```
 */
export function lookAhead(decay: number): Stepper<VelocityState> {
  fraction('lookAhead', 'decay', decay);
  return {
    name: 'lookAhead',
    init: (params) => ({ velocity: zerosLike(params) }),
    step(gradient, state) {
      const velocity = decayedSum(decay, gradient, state.velocity);
      return [decayedSum(decay, gradient, velocity), { velocity }];
    },
  };
}

/**
 * Heavy-ball momentum: v ← decay · v + g, w ← w − η v (Polyak, 1964; PyTorch's convention: the rate
 * multiplies the whole sum, so a change of rate acts at once). decay is 0.9, dampening (of every
 * gradient but the first) 0 unless given.
 *
 * ```ts
 * momentum({ rate: 0.01, decay: 0.9 });
 * chain(decayWeights(0.001), momentum({ rate: 0.01 })); // with an L2 penalty
 * ```
 */
export function momentum(settings: {
  rate: Rate;
  decay?: number | undefined;
  dampening?: number | undefined;
}): Stepper<readonly [VelocityState, RateState]> {
  const known = { rate: true, decay: true, dampening: true } as const;
  knownOptions('momentum', settings, known, { example: 'momentum({ rate: 0.01 })' });
  const { rate, decay = 0.9, dampening } = settings;
  return named('momentum', chain(accumulate(decay, { dampening }), descent('momentum', rate)));
}

/**
 * Nesterov's accelerated gradient: v ← decay · v + g, w ← w − η (g + decay · v) (Nesterov, 1983;
 * Sutskever et al., 2013; PyTorch's convention). decay is 0.9 unless given.
 *
 * ```ts
 * nesterov({ rate: 0.05 });
 * ```
 */
export function nesterov(settings: {
  rate: Rate;
  decay?: number | undefined;
}): Stepper<readonly [VelocityState, RateState]> {
  const known = { rate: true, decay: true } as const;
  knownOptions('nesterov', settings, known, { example: 'nesterov({ rate: 0.01 })' });
  const { rate, decay = 0.9 } = settings;
  return named('nesterov', chain(lookAhead(decay), descent('nesterov', rate)));
}

/** share · g + decay · v */
function decayedSum<P>(decay: number, gradient: P, velocity: Tree, share = 1): P {
  return entrywise(
    (out, g, v) => {
      for (let i = 0; i < out.length; i++) out[i] = decay * v[i] + share * g[i];
    },
    gradient,
    velocity,
  );
}
