import type { Tree } from '@steepest/autodiff';
import { type Point, type Stepper, takeStep } from '../stepper.ts';

/**
 * Steppers one after another: each gets the previous one's change where the first gets the
 * gradient. Its state is the tuple of theirs; chaining is associative up to the nesting of states.
 *
 * Throws a TypeError without parts.
 *
 * ```ts
 * chain(clipByGlobalNorm(1), accumulate(0.9), descend(0.01));
 * ```
 */
export function chain<S extends readonly unknown[]>(
  ...parts: { [K in keyof S]: Stepper<S[K]> }
): Stepper<S> {
  const links = parts as readonly Stepper[];
  if (links.length === 0) throw new TypeError('chain: expected at least one stepper, got none');
  return {
    name: links.length === 1 ? links[0].name : `chain(${links.map((l) => l.name).join(', ')})`,
    init: (params: Tree) => links.map((link) => link.init(params)) as unknown as S,
    step<P>(gradient: P, state: S, params: P, at: Point<P>) {
      let change = gradient;
      const next: unknown[] = [];
      for (let i = 0; i < links.length; i++) {
        const [changed, linkState] = takeStep(links[i], change, state[i], params, at);
        change = changed;
        next.push(linkState);
      }
      return [change, next as unknown as S];
    },
    learningRate(state) {
      for (let i = links.length - 1; i >= 0; i--) {
        const rate = links[i].learningRate?.(state[i]);
        if (rate !== undefined) return rate;
      }
      return undefined;
    },
    answer: (state, params) =>
      links.reduce((answer, link, i) => link.answer?.(state[i], answer) ?? answer, params),
  };
}
