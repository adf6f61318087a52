import type { Path } from '@steepest/autodiff';
import { type Point, type Stepper, takeStep } from '../stepper.ts';
import { pointFor, replaced, subtree } from './subtree.ts';

/** Chooses leaves by their paths, which read as code would: `layers[0].w`. */
export type Mask = (path: Path) => boolean;

/**
 * A stepper for the chosen leaves only; the other leaves' gradients pass through unchanged.
 *
 * ```ts
 * chain(masked(clipByValue(1), (path) => path.endsWith('.w')), descend(0.1));
 * ```
 */
export function masked<S>(stepper: Stepper<S>, mask: Mask): Stepper<S> {
  return {
    name: `masked(${stepper.name})`,
    init: (params) => stepper.init(subtree(params, mask)),
    step<P>(gradient: P, state: S, params: P, at: Point<P>) {
      const [change, next] = takeStep(
        stepper,
        subtree(gradient, mask),
        state,
        subtree(params, mask),
        pointFor(at, params, mask),
      );
      return [replaced(gradient, change), next];
    },
    learningRate: (state) => stepper.learningRate?.(state),
    answer(state, params) {
      const answer = stepper.answer?.(state, subtree(params, mask));
      return answer === undefined ? params : replaced(params, answer);
    },
  };
}
