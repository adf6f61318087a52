import type { Operand, Tree } from '@steepest/autodiff';
import type { Answer, Ask } from './place/ask.ts';
import type { FixedBatch } from './train/data.ts';
import type { Json } from './train/encode.ts';

/** The objective at one place: its value and its gradient, which has the parameters' structure. */
export interface Evaluation<P> {
  readonly value: number;
  readonly gradient: P;
}

/** Where a step is taken from: what steppers may use beside the direction that reaches them. */
export interface Point<P> extends Evaluation<P> {
  /** How many steps were taken before this one. */
  readonly step: number;
  /** Which batch it is, where the source has fixed ones. */
  readonly batch?: FixedBatch | undefined;
  /**
   * For links after the descent: by what the links before multiplied the gradient (see
   * `Stepper.metric`); absent where the descent cannot tell.
   */
  metric?(): Operand | Tree;
}

/** Where a gradient is small. */
export interface Arrival {
  readonly value: number;
  /** The larger of |f| and ‖∇f‖ at the start: the objective's scale. */
  readonly firstSize: number;
}

/** The same for a formula in operations: values in the place of numbers. */
export interface FormulaPoint {
  readonly value: Operand;
  readonly gradient: Tree;
  metric?(): Operand | Tree;
}

/**
 * What a link of a chain does. A *direction* turns the gradient into a direction (clipping, momentum,
 * moments, weight decay). A *descent* makes the change out of a direction: a chain has exactly one,
 * and every complete optimizer is one. What comes *after* acts on the change (projections, proximal
 * steps, averages).
 */
export type Kind = 'direction' | 'descent' | 'after';

/**
 * A method of optimization over state that is plain data (numbers, matrices, arrays, objects), so
 * that it can be saved, replayed and compared. The new parameters are params + change. Links of a
 * chain get the previous link's change in the place of the gradient.
 *
 * A stepper has an `update`, a `step`, or both (or a `search`, if it has to look at other places):
 * `update` alone runs everywhere, `step` beside it is the faster plain loop, `step` alone runs
 * interpreted only.
 *
 * ```ts
 * const steepest = (rate: number): Stepper<null> => ({
 *   name: 'steepest',
 *   init: () => null,
 *   numbers: () => [-rate],
 *   update: (g, state, _, [factor]) => [mapTree((x: Value) => mul(factor, x), g), state],
 * });
 * ```
 */
export interface Stepper<S = unknown> {
  /** What it does, as a formula would call it; a checkpoint made by another name is refused. */
  readonly name: string;
  /** 'descent' unless given: a stepper is a complete optimizer unless it says otherwise. */
  readonly kind?: Kind | undefined;
  /** true: only where every step sees the whole objective; with minibatches it is refused by name. */
  readonly whole?: true | undefined;
  /**
   * What its formula depends on beside `numbers`, as JSON: a checkpoint made with other settings is
   * refused. It gets the parameters, since masks and groups choose among their paths.
   */
  settings?(params: Tree): Json;
  /**
   * The state before the first step: plain data, in which every matrix and number keeps its place
   * and size from step to step. (Only the state of a `search` may hold an empty array, which stands
   * for a list that will grow.)
   */
  init(params: Tree): S;
  /**
   * The numbers that the formula needs at a step (counted from 0): rates, 1 − b₁ᵗ, phases. Computed
   * in JavaScript, equally many at every step, and a function of the step's number alone.
   */
  numbers?(step: number): readonly number[];
  /**
   * The formula, in operations of autodiff over trees: run as it is, or recorded once and compiled.
   * Everything that changes from step to step comes in through the arguments, which are inputs of the
   * recording; no branch may depend on their contents (`where` chooses). A number of the next state
   * may be one of `numbers`.
   */
  update?(
    gradient: Tree,
    state: S,
    params: Tree,
    numbers: readonly Operand[],
    at: FormulaPoint,
  ): readonly [change: Tree, state: unknown];
  /** The plain loop over numbers: the same bits as `update` where no sum is taken. */
  step?<P>(gradient: P, state: S, params: P, at: Point<P>): readonly [change: P, state: S];
  /**
   * In the place of `update` and `step` where the method looks at other parameters than those it
   * stands at (line searches, trust regions): yields where, and what it wants to know. The answers
   * come from the batch of this step ('batch') or from all data ('all').
   */
  search?<P>(
    gradient: P,
    state: S,
    params: P,
    at: Point<P>,
  ): Generator<readonly [params: P, ask: Ask<P>], readonly [change: P, state: S], Answer<P>>;
  /**
   * By what the link multiplied what it was given, from its state after the step: a number, or a
   * tree with a number for every entry (Adam's 1/(√ŝ + ε)). Links after the descent get the product
   * over the links before them, since a proximal step needs it. In operations, as `update`.
   */
  metric?(state: S, numbers: readonly Operand[]): Operand | Tree;
  /** The learning rate of the last step, where the state knows one (that of a line search). */
  learningRate?(state: S): number | undefined;
  /** The learning rate of a step, where the step's number decides it: a constant or a schedule. */
  rate?(step: number): number | undefined;
  /** The parameters to hand out in place of the last ones (an average of them). */
  answer?<P>(state: S, params: P): P;
  /**
   * How far the method's model would still go from here, where it has one: the length of its full
   * quasi-Newton step. A run whose gradient is small but whose reach is not has not converged.
   */
  reach?<P>(gradient: P, state: S, params: P): number;
  /**
   * Asked where the gradient is small, by a tolerance that nobody set: whether the method agrees that it
   * has arrived, and its state, with which it goes on if not. It asks the place as `search` does.
   */
  confirm?<P>(
    gradient: P,
    state: S,
    params: P,
    at: Arrival,
  ): Generator<readonly [params: P, ask: Ask<P>], readonly [settled: boolean, state: S], Answer<P>>;
  /** Where steps whose loss or gradient is not finite are passed over: `skipNotFinite`. */
  readonly skip?: Skip<S> | undefined;
  /** What it adds to the objective (a proximal step's penalty), in operations: 1×1. */
  penalty?(params: Tree): Operand;
  /**
   * What stands in the gradient's place when its norm is taken, in operations: with a penalty ‖∇f‖ does
   * not vanish at the optimum, but w − prox(w − ∇f) does. The gradient itself unless given.
   */
  stationarity?(gradient: Tree, params: Tree): Tree;
}

/** How a loop passes over a step whose loss or gradient is not finite. */
export interface Skip<S> {
  /** The state after such a step; undefined where the run is to end instead. */
  after(state: S): S | undefined;
  /** How many were passed over so far. */
  count(state: S): number;
}

/** No step along the direction lowers the objective enough: a loop ends with 'lineSearchFailed'. */
export class LineSearchError extends Error {
  override name = 'LineSearchError';
}
