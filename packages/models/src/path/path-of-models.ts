import type { Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import type { Coefficients } from '../fit/coefficients.ts';
import type { Fitted } from '../fit/model.ts';

/** One point of a path. */
export interface PathPoint {
  readonly lambda: number;
  /** Columns with a coefficient that is not 0. */
  readonly df: number;
  /** 1 − deviance / null deviance; R² for least squares. */
  readonly devianceExplained: number;
  /** Mean loss and penalty. */
  readonly objective: number;
  /** objective − minimum is at most this, by a dual point. */
  readonly gap: number;
  /** Whether the gap is within what was asked for. */
  readonly converged: boolean;
  /** Proximal Newton steps that it took from the point before. */
  readonly steps: number;
  /** In units of the raw columns where there are any, one for each output. */
  readonly coefficients: readonly Coefficients[];
  /** For the prepared columns. */
  readonly params: Params;
}

/** How many characters a plot is wide (72) and high (20). */
export interface PlotSize {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Models for many strengths of a penalty, from the strongest on; prints as a table. */
export interface Path {
  /** Without a penalty: what each point adds one to. */
  readonly problem: Problem;
  /** The penalty in words. */
  readonly penalty: string;
  readonly points: readonly PathPoint[];
  /** The least λ at which all penalized coefficients are 0. */
  readonly largestLambda: number;
  /** What the null model's mean loss is above the least that any scores could reach: half its deviance. */
  readonly nullRisk: number;
  /** The prepared columns. */
  readonly names: readonly string[];
  /** The point of one of the path's λ as a fitted model; throws a RangeError for others. */
  at(lambda: number): Fitted;
  /** The coefficients over λ, drawn with characters. */
  plot(size?: PlotSize): string;
  toString(): string;
}
