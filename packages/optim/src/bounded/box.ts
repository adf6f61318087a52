/** lowerᵢ ≤ xᵢ ≤ upperᵢ, with infinities where a side is open. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** x moved into the box. */
export function clamped(x: Float64Array, { lower, upper }: Box): Float64Array {
  return x.map((xi, i) => Math.min(Math.max(xi, lower[i]), upper[i]));
}

/** The longest step along d that stays inside: t ≥ 0, maybe Infinity. */
export function room(x: Float64Array, d: Float64Array, { lower, upper }: Box): number {
  let most = Infinity;
  for (let i = 0; i < x.length; i++) {
    if (d[i] > 0) most = Math.min(most, (upper[i] - x[i]) / d[i]);
    else if (d[i] < 0) most = Math.min(most, (lower[i] - x[i]) / d[i]);
  }
  return Math.max(0, most);
}
