import type { Group } from '@steepest/optim';
import type { Point, Slope } from './point.ts';

/** Penalties coordinate by coordinate: Σ l1ⱼ|wⱼ| + ½ Σ l2ⱼwⱼ² + Σ strength_g ‖w_g‖₂. */
export interface Strengths {
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  /** No coordinate is in two of them, nor has it an l1 of its own. */
  readonly groups: readonly Group[];
}

/** The penalty at a point. */
export function penaltyAt({ l1, l2, groups }: Strengths, { w }: Point): number {
  let total = 0;
  for (let j = 0; j < w.length; j++) {
    if (w[j] !== 0) total += l1[j] * Math.abs(w[j]) + (l2[j] / 2) * w[j] * w[j];
  }
  for (const { members, strength } of groups) total += strength * lengthOf(w, members);
  return total;
}

/** Those of some coordinates, and of the groups among them. */
export function strengthsOf({ l1, l2, groups }: Strengths, chosen: Int32Array): Strengths {
  if (chosen.length === l1.length) return { l1, l2, groups };
  const place = new Map(Array.from(chosen, (j, k) => [j, k]));
  return {
    l1: Float64Array.from(chosen, (j) => l1[j]),
    l2: Float64Array.from(chosen, (j) => l2[j]),
    groups: groups.flatMap(({ members, strength }) =>
      place.has(members[0])
        ? [{ strength, members: Int32Array.from(members, (j) => place.get(j) as number) }]
        : [],
    ),
  };
}

export function lengthOf(w: Float64Array, members: ArrayLike<number>): number {
  let square = 0;
  for (let m = 0; m < members.length; m++) square += w[members[m]] ** 2;
  return Math.sqrt(square);
}

/** The subgradient of the objective by the coordinates that is shortest: 0 at the minimum. */
export function shortestSubgradient(
  { w }: Point,
  slope: Slope,
  { l1, l2, groups }: Strengths,
): Float64Array {
  const rest = w.map((value, j) => {
    const g = slope.w[j] + l2[j] * value;
    if (value !== 0) return g + (value > 0 ? l1[j] : -l1[j]);
    return Math.sign(g) * Math.max(0, Math.abs(g) - l1[j]);
  });
  for (const { members, strength } of groups) {
    const list = Array.from(members);
    const [length, size] = [lengthOf(w, members), lengthOf(rest, members)];
    const share = size > 0 ? Math.max(0, 1 - strength / size) : 0;
    for (const j of list)
      rest[j] = length > 0 ? rest[j] + (strength * w[j]) / length : share * rest[j];
  }
  return rest;
}
