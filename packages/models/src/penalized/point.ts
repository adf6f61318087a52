/**
 * Coefficients of columns that have mean 0 and one deviation each, K for every column (column by column),
 * and K intercepts. The coordinate of column j and output k is j K + k.
 */
export interface Point {
  readonly w: Float64Array;
  readonly b: Float64Array;
}

/** The mean loss at a point and its gradient. */
export interface Slope {
  readonly value: number;
  readonly w: Float64Array;
  readonly b: Float64Array;
  /** The mean of the rows' squared Newton decrements, where the family tells them. */
  readonly decrement: number | undefined;
}

/** The mean loss of a problem's rows, without any penalty, as a function of a point. */
export interface Smooth {
  /** How many columns, and outputs for each. */
  readonly columns: number;
  readonly outputs: number;
  readonly intercept: boolean;
  slope(at: Point): Slope;
  /**
   * The second derivative by the K intercepts and then by the chosen coordinates, row by row (with zeros
   * for the intercepts of a problem without). From all rows, or where `roughly`, from some of them if that
   * is much cheaper.
   */
  curvature(at: Point, chosen: Int32Array, roughly: boolean): Curvature;
  /** By how much a step moves the score of the row that it moves most. */
  farthest(step: Point): number;
}

export interface Curvature {
  readonly matrix: Float64Array;
  /** It does not depend on the point, or is that of all rows. */
  readonly exact: boolean;
}
