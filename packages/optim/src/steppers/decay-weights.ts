import { add, mul } from '@steepest/autodiff';
import { argument, nonNegative, required } from '@steepest/ground';
import { entrywise } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { type Mask, masked } from './masked.ts';
import { stateless } from './part.ts';

/**
 * Decoupled weight decay: u = g + decay · w. Behind the link that scales the gradient it shrinks
 * weights by η · decay per step whatever their gradients' sizes (Loshchilov & Hutter, 2019); before
 * it, it is a classical L2 penalty. With a mask, only the chosen leaves decay.
 *
 * ```ts
 * chain(byMoments(), decayWeights(0.01, (path) => path !== 'b'), descend(0.001));
 * ```
 */
export function decayWeights(decay: number, mask?: Mask): Stepper {
  argument('decayWeights', 'decay', decay, required(nonNegative(0.01)));
  const part = stateless({
    name: 'decayWeights',
    settings: { decay },
    formula: (g, w) => add(g, mul(decay, w)),
    loop: (gradient, params) =>
      entrywise(
        (out, g, w) => {
          for (let i = 0; i < out.length; i++) out[i] = g[i] + decay * w[i];
        },
        gradient,
        params,
      ),
  });
  return mask === undefined ? part : masked(part, mask);
}
