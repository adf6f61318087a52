import { item, type Operand } from '@steepest/autodiff';
import { show } from '../checks.ts';
import type { Evaluation } from '../stepper.ts';
import { sameEntries } from '../vectors.ts';
import type { Plan } from './plan.ts';
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
  private readonly operation: string;
  private checked = false;
  private last: { params: P; batch: B; evaluation: Evaluation<P> } | undefined;

  constructor(plan: Plan<P, B>, progress: Progress<P>) {
    this.loss = plan.loss;
    this.both = plan.valueAndGradient;
    this.operation = plan.operation;
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

  private check(found: Evaluation<P>, params: P): void {
    const { value, gradient } = found ?? {};
    if (typeof value !== 'number') {
      throw new TypeError(
        `${this.operation}: valueAndGradient must return { value, gradient } with a number as value, got ` +
          `${show(value)}; sum the loss`,
      );
    }
    const problem = difference(params, gradient, '');
    if (problem !== undefined) {
      throw new TypeError(
        `${this.operation}: the gradient must have the parameters' structure, but ${problem}; return one ` +
          'gradient for every parameter',
      );
    }
    this.checked = true;
  }
}
