import { add, mul, type Operand, type Tree } from '@steepest/autodiff';
import { argument, fraction, required, type Spec, settle } from '@steepest/ground';
import { entrywise, zerosLike } from '../leaves.ts';
import { type Rate, rateOption } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** The running sum of gradients, in the structure of the parameters. */
export interface VelocityState {
  readonly velocity: Tree;
}

/** By how much all gradients but the first count less; 0 unless given. */
export interface AccumulateSettings {
  readonly dampening?: number | undefined;
}

const accumulateSpec = { dampening: fraction(0) } satisfies Spec<AccumulateSettings>;

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
  settings: AccumulateSettings = {},
): Stepper<VelocityState> {
  argument('accumulate', 'decay', decay, required(fraction(0.9)));
  const { dampening } = settle('accumulate', settings, accumulateSpec);
  const share = (step: number) => (step === 0 ? 1 : 1 - dampening);
  return {
    name: 'accumulate',
    kind: 'direction',
    settings: () => ({ decay }),
    init: (params) => ({ velocity: zerosLike(params) }),
    ...(dampening > 0 && { numbers: (step: number) => [share(step)] }),
    update(gradient, state, _params, [share]) {
      const velocity = each(
        (g, v) => add(mul(decay, v), dampening === 0 ? g : mul(share, g)),
        gradient,
        state.velocity,
      );
      return [velocity, { velocity }];
    },
    step(gradient, state, _params, at) {
      const velocity = decayedSum(decay, gradient, state.velocity, share(at.step));
      return [velocity, { velocity }];
    },
  };
}

/**
 * The decaying sum as it will be one step further: v ← decay · v + g, u = g + decay · v (Sutskever
 * et al., 2013, in the form of PyTorch's nesterov=True and Optax's trace).
 *
 * ```ts
 * chain(nesterovMomentum(0.9), descend(0.1)); // Nesterov's accelerated gradient
 * ```
 */
export function nesterovMomentum(decay: number): Stepper<VelocityState> {
  argument('nesterovMomentum', 'decay', decay, required(fraction(0.9)));
  const sum = (g: Operand, v: Operand) => add(mul(decay, v), g);
  return {
    name: 'nesterovMomentum',
    kind: 'direction',
    settings: () => ({ decay }),
    init: (params) => ({ velocity: zerosLike(params) }),
    update(gradient, state) {
      const velocity = each(sum, gradient, state.velocity);
      return [each(sum, gradient, velocity), { velocity }];
    },
    step(gradient, state) {
      const velocity = decayedSum(decay, gradient, state.velocity);
      return [decayedSum(decay, gradient, velocity), { velocity }];
    },
  };
}

/** A learning rate, and what the memory of past gradients keeps per step (0.9). */
export interface NesterovSettings {
  readonly rate: Rate;
  readonly decay?: number | undefined;
}

/** The same, and by how much all gradients but the first count less (0). */
export interface MomentumSettings extends NesterovSettings, AccumulateSettings {}

const nesterovSpec = {
  rate: required(rateOption),
  decay: fraction(0.9),
} satisfies Spec<NesterovSettings>;

const momentumSpec = { ...nesterovSpec, ...accumulateSpec } satisfies Spec<MomentumSettings>;

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
export function momentum(settings: MomentumSettings): Stepper<readonly [VelocityState, null]> {
  const { rate, decay, dampening } = settle('momentum', settings, momentumSpec, {
    foreign: {
      weightDecay: 'put the decay before it: chain(decayWeights(0.001), momentum({ rate: 0.01 }))',
      nesterov: 'use nesterov({ rate: 0.01 })',
    },
  });
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
export function nesterov(settings: NesterovSettings): Stepper<readonly [VelocityState, null]> {
  const { rate, decay } = settle('nesterov', settings, nesterovSpec, {
    foreign: {
      weightDecay: 'put the decay before it: chain(decayWeights(0.001), nesterov({ rate: 0.01 }))',
    },
  });
  return named('nesterov', chain(nesterovMomentum(decay), descent('nesterov', rate)));
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
