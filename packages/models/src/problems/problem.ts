import type { Concrete, FlatMatrix, NdArrayLike, Operand, Value } from '@steepest/autodiff';

/** The parameters of a model: w is d×K; b is a number where K = 1, otherwise 1×K. */
export interface Params {
  readonly w: FlatMatrix;
  readonly b: number | FlatMatrix;
}

/** Parameters as a loss sees them while it is differentiated. */
export interface Weights {
  readonly w: Value;
  readonly b: Operand;
}

/** A column of numbers: any matrix or ndarray of n×1. */
export type Column = FlatMatrix | NdArrayLike;

/** Examples: x is n×d, all else n×1. */
export interface Batch {
  readonly x: Value | NdArrayLike;
  readonly y: Column;
  /** How much each row counts; its loss is multiplied by it. */
  readonly weights?: Column | undefined;
  /** Added to the scores: for counts, the logarithm of the exposure. */
  readonly offset?: Column | undefined;
}

export type Kind = 'linear' | 'logistic' | 'softmax' | 'poisson';

/** A learning task as an optimization problem: plain functions, no state. */
export interface Problem {
  readonly kind: Kind;
  /** What people call it: 'ridge regression', 'logistic regression', … */
  readonly name: string;
  /** The objective in one line, as `loss` computes it. */
  readonly objective: string;
  readonly l2: number;
  readonly intercept: boolean;
  /** K: scores per row. */
  readonly outputs: number;
  /** Class names in the order of y's codes, where they were declared. */
  readonly classes: readonly string[] | undefined;
  /** Zeros, for x of d columns. */
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

/** What every problem lets one choose. */
export interface PenaltyOptions {
  /** λ of (λ/2) Σ w²; 0, no penalty, unless asked for. The intercept is never penalized. */
  readonly l2?: number;
  /** Whether b is learned; without, it stays 0. */
  readonly intercept?: boolean;
}
