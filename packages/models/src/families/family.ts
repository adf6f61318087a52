import type { FlatMatrix, Value } from '@steepest/autodiff';
import type { Table } from '@steepest/datasets';
import type { Separation, Warning } from '../checks/warning.ts';
import type { Column } from './batch.ts';

/**
 * What a kind of model is: all that sets it apart from the others. The problem, its checks, metrics,
 * standard errors, saved form and reports follow from it; slopes and curvatures are derivatives of
 * `loss`. `regression(family)` makes a problem of it.
 */
export interface Family {
  /** Its name in files and for programs: 'poisson'. */
  readonly kind: string;
  /** What people call it: 'Poisson regression'; and with a penalty, where that has a name. */
  readonly name: string;
  readonly penalized?: string;
  /** Numbers that the loss depends on, such as a threshold; they are saved with a model. */
  readonly settings?: Readonly<Record<string, number>>;
  /** The same family with other settings, where it has any. */
  of?(settings: Readonly<Record<string, number>>): Family;
  /** The mean of the rows' losses as text, and what its t is, where it has one. */
  readonly risk: string;
  readonly where?: string;
  /** The loss of each row under its scores: n×K and n×1 → n×1, convex in the scores. */
  loss(scores: Value, y: Column): Value;
  /** Scores → what is predicted, n×K. */
  mean(scores: FlatMatrix): FlatMatrix;
  readonly target: Target;
  /** What a model is judged by: predictions n×K and y n×1 → a number. */
  readonly measures: Readonly<Record<string, (predicted: FlatMatrix, y: FlatMatrix) => number>>;
  /** Where data can leave no finite minimum: how that is found, and said. */
  readonly separable?: Separable;
  /** The curvature of a row's loss does not depend on y: observed and expected information agree. */
  readonly canonical?: true;
  /** The loss is ½ (t − y)²: least squares, which needs no iteration. */
  readonly quadratic?: true;
  /** One score for each class; the same number added to all of a row's changes nothing. */
  readonly perClass?: true;
  /** The mean is eᵗ, a rate: the logarithm of an exposure may be added to t. */
  readonly rate?: true;
  /** The loss is no negative log-likelihood: errors need the sandwich, and nothing is compared by it. */
  readonly likelihood?: false;
  /** What e^coefficient is called, where that means something: 'odds ratio'. */
  readonly ratio?: string;
  /** The loss of a row under its best score; 0 without. */
  least?(y: number): number;
  /**
   * The squared Newton decrement of each row's loss by its own scores, slopeᵀ curvature⁻¹ slope, n×1, given
   * only where with the slope shrunk to its share s the inverse curvature grows to at most 1/s of it: makes
   * duality gaps tighter.
   */
  decrement?(scores: Value, y: Column): Value;
  /** The likelihood has a scale that is estimated, so that estimates have t and not z. */
  readonly dispersion?: true;
  /** The logarithm of the likelihood at its maximum; −total without. */
  logLikelihood?(at: LikelihoodFacts): number;
}

/** How y comes from a column, and what it must hold. */
export interface Target {
  /** Throws for a y that nothing can be learned from, and warns of what is odd. */
  check(y: Float64Array, facts: TargetFacts): Warning[];
  /** A table's column as y. */
  codes(table: Table, name: string, classes: readonly string[]): Float64Array;
  /** The labels of the codes 0, 1, …; absent where y is a number. */
  readonly classes?: (table: Table, name: string, wanted: WantedClasses) => readonly string[];
}

export interface TargetFacts {
  readonly column: string;
  /** How many classes were declared, 1 where there are none; and their names, if known. */
  readonly outputs: number;
  readonly classes: readonly string[] | undefined;
}

export interface WantedClasses {
  readonly positive?: string | undefined;
  readonly outputs: number;
  readonly classes: readonly string[] | undefined;
}

export interface Separable {
  find(x: FlatMatrix, y: Float64Array, options: { readonly intercept: boolean }): Separation;
  /** After 'no finite maximum-likelihood estimate exists, because'. */
  because(found: Separation): string;
}

export interface LikelihoodFacts {
  /** Σ weight · loss. */
  readonly total: number;
  /** How many rows there are, each as often as its frequency says. */
  readonly count: number;
  readonly y: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
  /** The weights say how exact a row is, not how often it occurred. */
  readonly analytic: boolean;
}
