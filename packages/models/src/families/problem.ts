import type { Concrete, FlatMatrix, Value } from '@steepest/autodiff';
import type { Batch, Column, Params, Weights } from './batch.ts';
import type { Family } from './family.ts';
import type { Factors, Glmnet, Penalty } from './penalty.ts';

/** A learning task as an optimization problem: plain functions, no state. */
export interface Problem {
  readonly family: Family;
  /** The family's: 'linear', 'logistic', … */
  readonly kind: string;
  /** What people call it: 'ridge regression', 'logistic regression', … */
  readonly name: string;
  /** The objective in one line, as `loss` computes it. */
  readonly objective: string;
  readonly l2: number;
  /** All that is added to the risk, l2 among it. */
  readonly penalty: Penalty;
  readonly intercept: boolean;
  /** K: scores per row; 0 for classes that the training rows have yet to tell. */
  readonly outputs: number;
  /** Class names in the order of y's codes, where they were declared. */
  readonly classes: readonly string[] | undefined;
  /** The same problem for these classes. */
  forClasses(classes: readonly string[] | number): Problem;
  /** The same problem with this penalty in the place of its own. */
  withPenalty(penalty: Penalty): Problem;
  /** Zeros, for x of d columns. Throws a TypeError while the classes are not known. */
  init(columns: number): Params;
  /** The objective on a batch → 1×1. */
  loss(params: Weights, batch: Batch): Value;
  /** The objective without its penalty: what a validation loss measures → 1×1. */
  risk(params: Weights, batch: Batch): Value;
  /** The linear predictor x·w + b + offset → n×K. */
  scores(params: Params, x: Concrete, offset?: Column): FlatMatrix;
  /** What the model says about rows of x: means, probabilities or rates → n×K. */
  predict(params: Params, x: Concrete, offset?: Column): FlatMatrix;
}

/** How many of a row's scores are free: all, or those of all classes but the first. */
export function freeScores({ family, outputs }: Problem): number {
  return family.perClass ? outputs - 1 : 1;
}

/** What every problem lets one choose. */
export interface PenaltyOptions {
  /** λ of (λ/2) Σ w²; 0, no penalty, unless asked for. The intercept is never penalized. */
  readonly l2?: number | undefined;
  /** λ of λ Σ|w|, which makes coefficients exactly 0; 0 unless asked for. */
  readonly l1?: number | undefined;
  /**
   * λ of λ Σ √m ‖w_g‖₂ over groups of m columns, which become 0 together: those that one raw column was made
   * into, unless `groups` lists them by the names of prepared columns. Not for classes.
   */
  readonly group?: number | undefined;
  readonly groups?: readonly (readonly string[])[] | undefined;
  /** How much l1 and l2 count for each column: by name (1 for the others), or in their order. */
  readonly factors?: Factors | undefined;
  /** Whether coefficients count times the deviation of their column (divisor n, by weights); false. */
  readonly standardize?: boolean | undefined;
  /** The penalty in glmnet's conventions, in the place of all of these. */
  readonly penalty?: Glmnet | undefined;
  /** Whether b is learned; without, it stays 0. */
  readonly intercept?: boolean | undefined;
}

/** `classes`: how many there are, or their names in the order of their codes 0, 1, … */
export interface ClassOptions extends PenaltyOptions {
  readonly classes?: number | readonly string[] | undefined;
}
