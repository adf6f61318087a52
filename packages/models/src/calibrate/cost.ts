import { nonNegative, required, type Spec, settle } from '@steepest/ground';
import { type Numbers, type Weighted, weighted } from '../metrics/columns.ts';
import { ranking } from '../metrics/ranking.ts';

/** What each way to be wrong costs, in one unit; to be right costs nothing. */
export interface Costs {
  /** A 0 that is called 1. */
  readonly falsePositive: number;
  /** A 1 that is called 0. */
  readonly falseNegative: number;
}

/** Where to call a row 1, and what that costs on the rows it was chosen by. */
export interface Decision {
  /** Rows with a score of at least this are called 1; Infinity where none should be. */
  readonly threshold: number;
  /** Per row. */
  readonly cost: number;
  /** Rows, by weight. */
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

const costs = {
  falsePositive: required(nonNegative()),
  falseNegative: required(nonNegative()),
} satisfies Spec<Costs>;
const costsOfRows = { ...costs, ...weighted } satisfies Spec<Costs & Weighted>;

/**
 * The probability from which on it costs less to call a row 1: c₊ / (c₊ + c₋), c₊ of a false positive, c₋
 * of a false negative (Elkan, *The foundations of cost-sensitive learning*, 2001). It is right for
 * probabilities that are calibrated. Throws for negative costs, and where both are 0.
 *
 * ```ts
 * costThreshold({ falsePositive: 1, falseNegative: 4 }); // 0.2
 * ```
 */
export function costThreshold(given: Costs): number {
  const { falsePositive, falseNegative } = settle('costThreshold', given, costs);
  refuseFree('costThreshold', falsePositive, falseNegative);
  return falsePositive / (falsePositive + falseNegative);
}

/**
 * The threshold of least cost on rows whose labels are known: such as the held-out rows of
 * `crossValidate`, for on those a model has learned from it is too sure. Of several it is the highest.
 * Throws for a score of NaN, negative costs, and where both are 0.
 *
 * ```ts
 * const { threshold } = leastCost(scores, labels, { falsePositive: 1, falseNegative: 10 });
 * scores.map((score) => score >= threshold);
 * ```
 */
export function leastCost(scores: Numbers, labels: Numbers, options: Costs & Weighted): Decision {
  const { falsePositive, falseNegative, weights } = settle('leastCost', options, costsOfRows);
  refuseFree('leastCost', falsePositive, falseNegative);
  const at = ranking('leastCost', scores, labels, weights === undefined ? {} : { weights });
  const { thresholds, falsePositives, truePositives, ones, zeros } = at;
  // k = −1: nothing is called 1
  const decision = (k: number): Decision => {
    const wrongZeros = k < 0 ? 0 : falsePositives[k];
    const missedOnes = ones - (k < 0 ? 0 : truePositives[k]);
    const total = falsePositive * wrongZeros + falseNegative * missedOnes;
    return {
      threshold: k < 0 ? Infinity : thresholds[k],
      cost: total / (ones + zeros),
      falsePositives: wrongZeros,
      falseNegatives: missedOnes,
    };
  };
  let best = decision(-1);
  for (let k = 0; k < thresholds.length; k++) {
    const next = decision(k);
    if (next.cost < best.cost) best = next;
  }
  return best;
}

function refuseFree(operation: string, falsePositive: number, falseNegative: number): void {
  if (falsePositive + falseNegative > 0) return;
  throw new RangeError(
    `${operation}: both costs are 0, so that every decision is as good; say what being wrong costs`,
  );
}
