import type { Tree } from '@steepest/autodiff';
import { show } from './checks.ts';

/** The objective at one place: its value and its gradient, which has the parameters' structure. */
export interface Evaluation<P> {
  readonly value: number;
  readonly gradient: P;
}

/**
 * Where a step is taken from: what steppers may use beside the direction that reaches them.
 * `evaluate` and `valueAt` look at other parameters, on the same batch.
 */
export interface Point<P> extends Evaluation<P> {
  /** How many steps were taken before this one. */
  readonly step: number;
  evaluate(params: P): Evaluation<P>;
  /** The value alone, which costs less. */
  valueAt(params: P): number;
}

/**
 * A method of optimization: two pure functions over state that is plain data (numbers, matrices,
 * arrays, objects), so that it can be saved, replayed and compared.
 *
 * The new parameters are params + change. Links of a chain get the previous link's change in the
 * place of the gradient.
 *
 * ```ts
 * const [change, next] = stepper.step(gradient, stepper.init(params), params, at);
 * ```
 */
export interface Stepper<S = unknown> {
  /** What it does, as a formula would call it; a checkpoint made by another name is refused. */
  readonly name: string;
  /**
   * The state before the first step. An empty array in it stands for a list that will grow;
   * everything else keeps its shape.
   */
  init(params: Tree): S;
  step<P>(gradient: P, state: S, params: P, at: Point<P>): readonly [change: P, state: S];
  /** The learning rate of the last step, where there is one. */
  learningRate?(state: S): number | undefined;
  /** The parameters to hand out in place of the last ones (an average of them). */
  answer?<P>(state: S, params: P): P;
}

/** No step along the direction lowers the objective enough: a loop ends with 'lineSearchFailed'. */
export class LineSearchError extends Error {
  override name = 'LineSearchError';
}

/** A stepper's step, which must be a pair: a forgotten state would surface far from its stepper. */
export function takeStep<P, S>(
  stepper: Stepper<S>,
  gradient: P,
  state: S,
  params: P,
  at: Point<P>,
): readonly [change: P, state: S] {
  const pair: unknown = stepper.step(gradient, state, params, at);
  if (Array.isArray(pair) && pair.length === 2) return pair as unknown as readonly [P, S];
  const found = Array.isArray(pair) ? `a list of ${pair.length}` : show(pair);
  throw new TypeError(
    `${stepper.name}: step must return [change, state], it returned ${found}; ` +
      'a stepper without a state returns [change, null]',
  );
}
