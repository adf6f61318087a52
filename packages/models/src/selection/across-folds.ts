/** A figure over folds, each counting by its rows. */
export interface AcrossFolds {
  readonly mean: number;
  /** Of the mean: what folds differ by, √(Σ n (m − mean)² / Σ n / (k − 1)), as glmnet's cvsd. */
  readonly standardError: number;
  readonly folds: readonly number[];
}

/** The mean and its standard error of one figure for each fold; NaN where a fold has none. */
export function acrossFolds(figures: readonly number[], rows: readonly number[]): AcrossFolds {
  const total = rows.reduce((sum, n) => sum + n, 0);
  const mean = figures.reduce((sum, figure, i) => sum + rows[i] * figure, 0) / total;
  const spread = figures.reduce((sum, figure, i) => sum + rows[i] * (figure - mean) ** 2, 0);
  const standardError = Math.sqrt(spread / total / (figures.length - 1));
  return { mean, standardError, folds: figures };
}
