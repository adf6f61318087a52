import {
  add,
  div,
  greater,
  leavesOf,
  maximum,
  minimum,
  mul,
  norm as normOf,
  type Operand,
  sqrt,
  square,
  type Tree,
  where,
} from '@steepest/autodiff';
import { argument, positive, required } from '@steepest/ground';
import { entrywise } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { norm } from '../vectors.ts';
import { each } from './each.ts';
import { stateless } from './part.ts';

/**
 * Keeps every entry within [−limit, limit]: u = min(max(g, −limit), limit).
 *
 * ```ts
 * chain(clipByValue(0.5), accumulate(0.9), descend(0.1));
 * ```
 */
export function clipByValue(limit: number): Stepper<null> {
  argument('clipByValue', 'limit', limit, required(positive(1)));
  return stateless({
    name: 'clipByValue',
    settings: { limit },
    formula: (g) => minimum(maximum(g, -limit), limit),
    loop: (gradient) =>
      entrywise((out, g) => {
        for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(g[i], -limit), limit);
      }, gradient),
  });
}

/**
 * Shortens the gradient of all parameters together, keeping its direction:
 * u = g · min(1, limit/‖g‖₂) (Pascanu, Mikolov & Bengio, 2013).
 *
 * ```ts
 * chain(clipByGlobalNorm(1), byMoments(), descend(0.001));
 * ```
 */
export function clipByGlobalNorm(limit: number): Stepper<null> {
  argument('clipByGlobalNorm', 'limit', limit, required(positive(1)));
  return {
    name: 'clipByGlobalNorm',
    kind: 'direction',
    settings: () => ({ limit }),
    init: () => null,
    update(gradient, state) {
      const length = lengthOf(gradient);
      const long = greater(length, limit);
      return [each((g) => where(long, mul(div(g, length), limit), g), gradient), state];
    },
    step(gradient, state) {
      const length = norm(gradient);
      if (!(length > limit)) return [gradient, state];
      const shorter = entrywise((out, g) => {
        for (let i = 0; i < out.length; i++) out[i] = (g[i] / length) * limit;
      }, gradient);
      return [shorter, state];
    },
  };
}

/** The Euclidean norm over all leaves, in operations, safe from overflow. */
function lengthOf(tree: Tree): Operand {
  return leavesOf(tree)
    .map(({ leaf }): Operand => normOf(leaf))
    .reduce((a, b) => {
      const larger = maximum(a, b);
      const ratio = where(larger, div(minimum(a, b), larger), 0);
      return mul(larger, sqrt(add(1, square(ratio))));
    });
}
