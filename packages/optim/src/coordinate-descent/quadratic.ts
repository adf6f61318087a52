/** Members of one group, and the strength of its penalty: strength · ‖w_g‖₂. */
export interface Group {
  readonly members: ArrayLike<number>;
  readonly strength: number;
}

/**
 * q(w) = ½ wᵀGw − cᵀw + Σ l1ⱼ|wⱼ| + ½ Σ l2ⱼwⱼ² + Σ_g strength_g ‖w_g‖₂, G symmetric and positive
 * semidefinite, row by row. A coordinate has an l1 or is in a group, not both.
 */
export interface Quadratic {
  readonly gram: Float64Array;
  readonly linear: Float64Array;
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  readonly groups: readonly Group[];
}

/** A point, and the slope of the smooth part Gw − c there, kept up to date with it. */
export interface State {
  readonly w: Float64Array;
  readonly slope: Float64Array;
}

/** The slope from scratch, without what rounding left in it. */
export function renewSlope({ gram, linear }: Quadratic, { w, slope }: State): void {
  const p = w.length;
  for (let i = 0; i < p; i++) slope[i] = -linear[i];
  for (let j = 0; j < p; j++) if (w[j] !== 0) addColumn(slope, gram, j, w[j]);
}

/** slope ← slope + change · G's column j, which is its row j. */
export function addColumn(
  slope: Float64Array,
  gram: Float64Array,
  j: number,
  change: number,
): void {
  const p = slope.length;
  const from = j * p;
  for (let i = 0; i < p; i++) slope[i] += change * gram[from + i];
}

/** q, from a slope that is up to date. */
export function objectiveAt({ linear, l1, l2, groups }: Quadratic, { w, slope }: State): number {
  let value = 0;
  for (let j = 0; j < w.length; j++) {
    value += w[j] * ((slope[j] - linear[j] + l2[j] * w[j]) / 2) + l1[j] * Math.abs(w[j]);
  }
  for (const { members, strength } of groups) value += strength * lengthIn(w, members);
  return value;
}

/**
 * The largest part of a subgradient of q that no choice makes 0, over its coordinates (for a group, the
 * length of its part): 0 exactly at the minimum.
 */
export function violation({ l1, l2, groups }: Quadratic, { w, slope }: State): number {
  let most = 0;
  const see = (size: number) => {
    if (!(size <= most)) most = size;
  };
  const grouped = groups.length > 0 ? groupedIn(groups, w.length) : undefined;
  for (let j = 0; j < w.length; j++) {
    if (grouped?.[j] === 1) continue;
    const g = slope[j] + l2[j] * w[j];
    if (w[j] === 0) see(Math.abs(g) - l1[j]);
    else see(Math.abs(g + (w[j] > 0 ? l1[j] : -l1[j])));
  }
  for (const { members, strength } of groups) {
    const length = lengthIn(w, members);
    let square = 0;
    for (let m = 0; m < members.length; m++) {
      const j = members[m];
      const inward = length > 0 ? (strength * w[j]) / length : 0;
      square += (slope[j] + l2[j] * w[j] + inward) ** 2;
    }
    see(Math.sqrt(square) - (length > 0 ? 0 : strength));
  }
  return most;
}

/** 1 where a coordinate is in a group. */
export function groupedIn(groups: readonly Group[], size: number): Uint8Array {
  const grouped = new Uint8Array(size);
  for (const { members } of groups) {
    for (let m = 0; m < members.length; m++) grouped[members[m]] = 1;
  }
  return grouped;
}

/** ‖w_g‖₂. */
export function lengthIn(w: Float64Array, members: ArrayLike<number>): number {
  let square = 0;
  for (let m = 0; m < members.length; m++) square += w[members[m]] ** 2;
  return Math.sqrt(square);
}
