import { item, type Operand } from '@steepest/autodiff';
import { show } from '../checks.ts';
import type { Evaluation } from '../stepper.ts';
import { sameEntries } from '../vectors.ts';
import type { Progress } from './progress.ts';
import { difference } from './structure.ts';

/**
 * Evaluates the loss and counts it. The last evaluation is kept, so that the place which a line
 * search ended at is not evaluated again.
 */
export class Objective<P, B> {
  private readonly loss: (params: P, batch: B) => Operand;
  private readonly both: (params: P, batch: B) => Evaluation<P>;
  private readonly progress: Progress<P>;
  private checked = false;
  private last: { params: P; batch: B; evaluation: Evaluation<P> } | undefined;

  constructor(
    loss: (params: P, batch: B) => Operand,
    both: (params: P, batch: B) => Evaluation<P>,
    progress: Progress<P>,
  ) {
    this.loss = loss;
    this.both = both;
    this.progress = progress;
  }

  evaluate(params: P, batch: B): Evaluation<P> {
    const { last } = this;
    if (last !== undefined && last.batch === batch && sameEntries(last.params, params))
      return last.evaluation;
    this.progress.gradients++;
    const evaluation = this.both(params, batch);
    if (!this.checked) this.check(evaluation, params);
    this.last = { params, batch, evaluation };
    return evaluation;
  }

  valueAt(params: P, batch: B): number {
    this.progress.values++;
    return item(this.loss(params, batch));
  }

  private check({ value, gradient }: Evaluation<P>, params: P): void {
    if (typeof value !== 'number') {
      throw new TypeError(
        `train: valueAndGradient must return { value, gradient } with a number as value, got ` +
          `${show(value)}; sum the loss`,
      );
    }
    const problem = difference(params, gradient, '');
    if (problem !== undefined) {
      throw new TypeError(
        `train: the gradient must have the parameters' structure, but ${problem}; return one ` +
          'gradient for every parameter',
      );
    }
    this.checked = true;
  }
}
