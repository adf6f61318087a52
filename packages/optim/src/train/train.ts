import type { Argument, GradientOf } from '@steepest/autodiff';
import { loop } from './loop.ts';
import type { BatchesFor, TrainOptions } from './options.ts';
import { type Operation, planOf } from './plan.ts';
import { Training } from './training.ts';

/**
 * Minimizes a loss over data: the one loop for every optimizer. `await` it for the result, or
 * iterate over its reports; nothing happens before. Everything random follows from `seed`: the same
 * options give the same bits.
 *
 * With one batch (or none) each step sees the whole objective, and `stop.gradientNorm` ends the run
 * at a stationary point. With minibatches only limits, lack of progress or a validation loss end it.
 *
 * Throws at once where an option is wrong, naming it; rejects with a CheckpointError where a
 * checkpoint belongs to another run, and with whatever the loss or the data throw.
 *
 * ```ts
 * const { params } = await train({ loss, params: { w: zeros, b: 0 }, data, optimizer: adam(), epochs: 20 });
 * for await (const { step, loss } of train(options)) console.log(step, loss);
 * ```
 */
export function train<P, X extends Argument<P>, B = undefined>(
  options: TrainOptions<P, X, B, GradientOf<X>> & BatchesFor<NoInfer<B>>,
): Training<GradientOf<X>> {
  return training<P, X, B>('train', options);
}

/** The run of `train`, for the operation that its errors are to name. */
export function training<P, X extends Argument<P>, B>(
  operation: Operation,
  options: TrainOptions<P, X, B, GradientOf<X>>,
): Training<GradientOf<X>> {
  const plan = planOf<P, X, B, GradientOf<X>>(operation, options);
  return new Training((settle, fail) => loop(plan, settle, fail));
}
