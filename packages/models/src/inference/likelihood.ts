import { lgamma } from '@steepest/autodiff';
import type { Kind } from '../problems/problem.ts';

/** One row seen from its score t = x·w + b + offset. */
export interface RowLikelihood {
  /** d log-likelihood / dt. */
  readonly slope: number;
  /** −d² log-likelihood / dt², at least 0. */
  readonly curvature: number;
}

/** Slope and curvature of a row's log-likelihood; for least squares those of −(t − y)²/2. */
export function rowLikelihood(kind: Kind, t: number, y: number): RowLikelihood {
  if (kind === 'logistic') {
    const p = 1 / (1 + Math.exp(-t));
    const q = 1 / (1 + Math.exp(t));
    return { slope: y === 1 ? q : -p, curvature: p * q };
  }
  if (kind === 'poisson') {
    const mean = Math.exp(t);
    return { slope: y - mean, curvature: mean };
  }
  return { slope: y - t, curvature: 1 };
}

/** The log-likelihood of all rows; for least squares with the variance at its best, RSS/n. */
export function logLikelihood(
  kind: Kind,
  t: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): number {
  const n = t.length;
  let total = 0;
  if (kind === 'linear') {
    let logWeights = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights?.[i] ?? 1;
      total += weight * (y[i] - t[i]) ** 2;
      logWeights += Math.log(weight);
    }
    return (-n / 2) * (Math.log((2 * Math.PI * total) / n) + 1) + logWeights / 2;
  }
  for (let i = 0; i < n; i++) {
    if (kind === 'poisson') total += y[i] * t[i] - Math.exp(t[i]) - lgamma(y[i] + 1).data[0];
    else total -= Math.max(t[i], 0) - y[i] * t[i] + Math.log1p(Math.exp(-Math.abs(t[i])));
  }
  return total;
}
