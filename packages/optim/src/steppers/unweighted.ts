import type { Stepper } from '../stepper.ts';
import { times } from '../vectors.ts';

/**
 * The gradient of a batch that was drawn with chance qᵢ, times pᵢ/qᵢ with pᵢ its share of the rows: its
 * mean over the draws is the gradient of all rows (importance sampling: Zhao & Zhang, 2015). The first
 * link of a chain, or right behind `svrg`, on `fixedBatches` with weights; `saga` does it by itself.
 *
 * Throws a TypeError on other data.
 *
 * ```ts
 * const data = fixedBatches(minibatches(features, { size: 32 }), { weights });
 * train({ loss, params, data, optimizer: chain(unweighted(), descend(0.1)), epochs: 20 });
 * ```
 */
export function unweighted(): Stepper<null> {
  return {
    name: 'unweighted',
    kind: 'direction',
    init: () => null,
    step(gradient, state, _params, { batch }) {
      if (batch !== undefined) return [times(batch.share / batch.chance, gradient), state];
      throw new TypeError(
        'unweighted: it needs the chance of each batch; give data: fixedBatches(batches, { weights })',
      );
    },
  };
}
