/** Points as they are, or where there are many of them, how many are in each cell. */
export type Scatter =
  | { readonly kind: 'points'; readonly points: readonly (readonly [number, number])[] }
  | { readonly kind: 'cells'; readonly cells: readonly Cell[] };

export interface Cell {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly count: number;
}

const mostPoints = 600;
const across = 36;
const up = 24;

/** What to draw of points; those that are not finite are left out. */
export function scatterOf(x: ArrayLike<number>, y: ArrayLike<number>): Scatter {
  const [fromX, toX] = rangeOf(x);
  const [fromY, toY] = rangeOf(y);
  if (x.length <= mostPoints || !(toX > fromX && toY > fromY)) {
    const all = Array.from({ length: Math.min(x.length, mostPoints) }, (_, i) => [x[i], y[i]]);
    return {
      kind: 'points',
      points: all.filter((point) => point.every(Number.isFinite)) as [number, number][],
    };
  }
  const counts = new Float64Array(across * up);
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    const column = binOf(x[i], fromX, toX, across);
    counts[column * up + binOf(y[i], fromY, toY, up)]++;
  }
  const edge = (k: number, from: number, to: number, bins: number) =>
    from + (k / bins) * (to - from);
  return {
    kind: 'cells',
    cells: Array.from(counts, (count, k): Cell => {
      const [i, j] = [Math.floor(k / up), k % up];
      return {
        x1: edge(i, fromX, toX, across),
        x2: edge(i + 1, fromX, toX, across),
        y1: edge(j, fromY, toY, up),
        y2: edge(j + 1, fromY, toY, up),
        count,
      };
    }).filter(({ count }) => count > 0),
  };
}

/** A bar of a histogram. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How many of the values are in each of some ranges of equal width. */
export function barsOf(values: ArrayLike<number>, bins: number = 24): Bar[] {
  const [from, to] = rangeOf(values);
  if (!(to > from)) return [];
  const counts = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) counts[binOf(values[i], from, to, bins)]++;
  }
  const width = (to - from) / bins;
  return Array.from(counts, (count, k) => ({
    from: from + k * width,
    to: from + (k + 1) * width,
    count,
  }));
}

/** Some of the indices 0 … n − 1, the first and the last among them. */
export function thinned(n: number, most: number = 300): number[] {
  if (n <= most) return [...Array(n).keys()];
  return Array.from({ length: most }, (_, k) => Math.round((k * (n - 1)) / (most - 1)));
}

export function rangeOf(values: ArrayLike<number>): readonly [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (values[i] < least) least = values[i];
    if (values[i] > greatest) greatest = values[i];
  }
  return [least, greatest];
}

function binOf(value: number, from: number, to: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
}
