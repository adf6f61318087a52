import type { Point, Slope } from './point.ts';
import { lengthOf, penaltyAt, type Strengths } from './strengths.ts';

/**
 * P − D at a point: how far the objective can be above its minimum, proven by a dual point, with the
 * intercepts (and columns without a penalty) at their best: what they are off is for their own decrement to
 * say.
 *
 * The dual point is s u, u the rows' slopes and s ≤ 1 such that no column breaks its bound: then
 * D = −(1/n) Σ fᵢ*(s uᵢ) − h*(−s Xᵀu/n). Fenchel's equality gives fᵢ*(uᵢ) = uᵢtᵢ − fᵢ(tᵢ), so that no
 * conjugate has to be known: to s uᵢ it grows by at most (1 − s)²/(2s) of the row's squared Newton
 * decrement where the family tells that, and by convexity towards 0 elsewhere (`least` is the mean of
 * the least losses). Rounding can make the difference of equal numbers negative: that counts as 0.
 */
export function dualityGap(at: Point, slope: Slope, strengths: Strengths, least: number): number {
  const penalty = penaltyAt(strengths, at);
  let product = 0;
  for (let j = 0; j < at.w.length; j++) product += at.w[j] * slope.w[j];
  for (let k = 0; k < at.b.length; k++) product += at.b[k] * slope.b[k];
  const { hard, soft } = boundsOf(slope.w, strengths);
  const gapAt = (s: number): number => {
    const byConvexity = (1 - s) * (slope.value - least);
    const byDecrement = ((1 - s) ** 2 / (2 * s)) * (slope.decrement ?? Infinity);
    const loss = s === 1 ? 0 : Math.min(byDecrement, byConvexity);
    return Math.max(0, penalty + s * product + loss + conjugate(slope.w, strengths, s));
  };
  let best = gapAt(hard);
  // With an l2 a bound may be broken, at a cost: nine shares from there to where none is.
  for (let k = 1; k <= 9 && soft < hard; k++) {
    best = Math.min(best, gapAt(hard - (hard - soft) * 10 ** (k - 9)));
  }
  return best;
}

/** The largest s ≤ 1 that no bound forbids, and the largest at which every bound is kept. */
function boundsOf(
  g: Float64Array,
  { l1, l2, groups }: Strengths,
): { readonly hard: number; readonly soft: number } {
  let hard = 1;
  let soft = 1;
  const see = (size: number, bound: number, softened: boolean) => {
    if (!(size > bound)) return;
    soft = Math.min(soft, bound / size);
    if (!softened) hard = Math.min(hard, bound / size);
  };
  for (let j = 0; j < g.length; j++) if (l1[j] > 0) see(Math.abs(g[j]), l1[j], l2[j] > 0);
  for (const { members, strength } of groups) {
    see(lengthOf(g, members), strength, leastIn(l2, members) > 0);
  }
  return { hard, soft };
}

/** h*(−s g), 0 where bounds alone count: (|s g| − l1)₊² / (2 l2), for each coordinate and each group. */
function conjugate(g: Float64Array, { l1, l2, groups }: Strengths, s: number): number {
  let total = 0;
  const grouped = new Uint8Array(groups.length > 0 ? g.length : 0);
  for (const { members, strength } of groups) {
    for (let m = 0; m < members.length; m++) grouped[members[m]] = 1;
    const soft = leastIn(l2, members);
    if (soft > 0) total += Math.max(0, s * lengthOf(g, members) - strength) ** 2 / (2 * soft);
  }
  for (let j = 0; j < g.length; j++) {
    if (l2[j] === 0 || grouped[j] === 1) continue;
    total += Math.max(0, s * Math.abs(g[j]) - l1[j]) ** 2 / (2 * l2[j]);
  }
  return total;
}

function leastIn(l2: Float64Array, members: ArrayLike<number>): number {
  let least = Infinity;
  for (let m = 0; m < members.length; m++) least = Math.min(least, l2[members[m]]);
  return least;
}
