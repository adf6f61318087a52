import { type Numbers, pair, refuseOtherLabels, type Weighted } from '../metrics/columns.ts';
import type { Isotonic } from './calibrator.ts';

/**
 * The never falling steps that are closest to labels 0 and 1, by pooling adjacent violators (Ayer et al.,
 * 1955; Zadrozny and Elkan, 2002): of any shape, so it wants more rows than `platt`, a thousand or so.
 * Rows of one score count as one; between the scores of the rows `calibrated` goes along lines. Throws for
 * scores that are no finite numbers.
 *
 * ```ts
 * const calibrator = isotonic(heldOut.predicted, heldOut.y);
 * calibrated(calibrator, fitted.predict(rows));
 * ```
 */
export function isotonic(scores: Numbers, labels: Numbers, options: Weighted = {}): Isotonic {
  const { p: f, y, n, w } = pair('isotonic', scores, labels, options);
  refuseOtherLabels('isotonic', y);
  for (let i = 0; i < n; i++) {
    if (Number.isFinite(f[i])) continue;
    throw new RangeError(`isotonic: score ${i} is ${f[i]}, expected a finite number`);
  }
  const pools: Pool[] = [];
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => f[a] - f[b]);
  let at = 0;
  while (at < n) {
    const first = order[at];
    const pool: Pool = { low: f[first], high: f[first], ones: 0, weight: 0 };
    for (; at < n && f[order[at]] === pool.low; at++) {
      const weight = w?.[order[at]] ?? 1;
      pool.weight += weight;
      pool.ones += weight * y[order[at]];
    }
    if (pool.weight > 0) pooled(pools, pool);
  }
  // A pool is level from its first score to its last.
  const points = pools.flatMap(({ low, high, ones, weight }) => {
    const p = ones / weight;
    return low === high ? [[low, p] as const] : [[low, p] as const, [high, p] as const];
  });
  return {
    kind: 'isotonic',
    scores: points.map(([score]) => score),
    probabilities: points.map(([, p]) => p),
  };
}

/** Neighbouring scores with one mean. */
interface Pool {
  low: number;
  high: number;
  ones: number;
  weight: number;
}

/** Adds a pool at the end, and joins the last two as long as the later one's mean is not above. */
function pooled(pools: Pool[], next: Pool): void {
  pools.push(next);
  while (pools.length > 1) {
    const last = pools[pools.length - 1];
    const before = pools[pools.length - 2];
    if (last.ones / last.weight > before.ones / before.weight) return;
    pools.pop();
    before.high = last.high;
    before.ones += last.ones;
    before.weight += last.weight;
  }
}
