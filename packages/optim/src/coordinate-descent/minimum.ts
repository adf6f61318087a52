import { type Block, blockOf, groupStep } from './group-step.ts';
import {
  addColumn,
  groupedIn,
  type Quadratic,
  renewSlope,
  type State,
  violation,
} from './quadratic.ts';
import { supportStep } from './support-step.ts';

/** Where a penalized quadratic has its minimum. */
export interface Minimum {
  readonly w: Float64Array;
  /** Passes over the coordinates. */
  readonly sweeps: number;
  /** The largest part of a subgradient that is left: see `violation`. */
  readonly violation: number;
}

/**
 * The minimum of a penalized quadratic: coordinate descent with covariance updates (Friedman, Hastie and
 * Tibshirani, 2010) finds the support, Newton's step on it the exact answer; until no subgradient is
 * longer than the tolerance, or nothing moves any more.
 */
export function minimumOf(
  q: Quadratic,
  start: Float64Array,
  tolerance: number,
  mostSweeps: number,
): Minimum {
  const p = start.length;
  const state: State = { w: start.slice(), slope: new Float64Array(p) };
  renewSlope(q, state);
  const grouped = q.groups.length > 0 ? groupedIn(q.groups, p) : undefined;
  const blocks = q.groups.map((group) => blockOf(q, group, p));
  const all = Array.from({ length: p }, (_, j) => j).filter(
    (j) => grouped?.[j] !== 1 && q.gram[j * p + j] + q.l2[j] > 0,
  );
  let sweeps = 0;
  let least = violation(q, state);
  let best = state.w.slice();
  for (let stuck = 0; least > tolerance && sweeps < mostSweeps && stuck < 10; ) {
    let moved = sweep(q, state, all, blocks);
    sweeps++;
    const support = all.filter((j) => state.w[j] !== 0);
    // As many passes over the support as cost a factorization.
    const passes = Math.min(20, 2 + Math.floor((support.length * support.length) / (6 * p)));
    for (let pass = 1; pass < passes && moved; pass++) {
      moved = sweep(q, state, support, blocks);
      sweeps++;
    }
    if (violation(q, state) > tolerance) supportStep(q, state);
    renewSlope(q, state);
    const left = violation(q, state);
    if (left < least) {
      least = left;
      best = state.w.slice();
      stuck = 0;
    } else stuck++;
  }
  return { w: best, sweeps, violation: least };
}

/** Each coordinate, then each group, to its minimum with the others fixed; says whether any moved. */
function sweep(
  q: Quadratic,
  state: State,
  coordinates: readonly number[],
  blocks: readonly Block[],
): boolean {
  const { gram, l1, l2 } = q;
  const { w, slope } = state;
  const p = w.length;
  let moved = false;
  for (const j of coordinates) {
    const own = gram[j * p + j];
    const z = own * w[j] - slope[j];
    const kept = Math.abs(z) - l1[j];
    const next = kept > 0 ? (z > 0 ? kept : -kept) / (own + l2[j]) : 0;
    const change = next - w[j];
    if (change === 0) continue;
    moved = true;
    w[j] = next;
    addColumn(slope, gram, j, change);
  }
  for (const block of blocks) if (groupStep(q, state, block)) moved = true;
  return moved;
}
