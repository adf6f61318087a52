/** A basis of splines over one column: knots, and what becomes of the B-splines on them. */
export interface SplineBasis {
  readonly natural: boolean;
  readonly degree: number;
  /** Interior knots, rising, and the ends between which the basis was made. */
  readonly knots: readonly number[];
  readonly ends: readonly [low: number, high: number];
}

/** How many columns a basis has: without the first B-spline, as beside an intercept. */
export function columnsOf({ natural, degree, knots }: SplineBasis): number {
  return natural ? knots.length + 1 : knots.length + degree;
}

/**
 * A function from x to the values of the basis: B-splines by de Boor's recursion, continued by the
 * polynomials at the ends beyond those (R's bs). Natural cubic splines are those whose second derivative
 * vanishes at the ends, along which they go on as lines (R's ns, with its choice of a basis: two
 * Householder reflections of the constraints).
 */
export function evaluatorOf(basis: SplineBasis): (x: number) => Float64Array {
  const { natural, degree, knots, ends } = basis;
  const [low, high] = ends;
  const full = [
    ...new Array<number>(degree + 1).fill(low),
    ...knots,
    ...new Array<number>(degree + 1).fill(high),
  ];
  const values = (x: number) => bSplines(full, degree, x).subarray(1);
  if (!natural) return values;
  const slopes = (x: number, order: number) => derivatives(full, degree, x, order).subarray(1);
  const reflections = reflectionsOf(slopes(low, 2), slopes(high, 2));
  const free = (row: Float64Array) => reflected(row, reflections).slice(2);
  const at = { low: free(values(low)), high: free(values(high)) };
  const along = { low: free(slopes(low, 1)), high: free(slopes(high, 1)) };
  return (x) => {
    if (x >= low && x <= high) return free(values(x));
    const side = x < low ? 'low' : 'high';
    const beyond = x - (x < low ? low : high);
    return at[side].map((value, k) => value + beyond * along[side][k]);
  };
}

/** All B-splines of a degree at x; x beyond the ends is put into the first or the last piece. */
function bSplines(knots: readonly number[], degree: number, x: number): Float64Array {
  const count = knots.length - degree - 1;
  let piece = degree;
  while (piece < count - 1 && x >= knots[piece + 1]) piece++;
  const result = new Float64Array(count);
  result[piece] = 1;
  for (let d = 1; d <= degree; d++) {
    for (let j = piece - d; j <= piece; j++) {
      const up = knots[j + d] - knots[j];
      const down = knots[j + d + 1] - knots[j + 1];
      const rising = up > 0 && j >= 0 ? ((x - knots[j]) / up) * result[j] : 0;
      const falling = down > 0 ? ((knots[j + d + 1] - x) / down) * (result[j + 1] ?? 0) : 0;
      result[j] = rising + falling;
    }
  }
  return result;
}

/** B′ of degree d is d (B_j/(t_{j+d} − t_j) − B_{j+1}/(t_{j+d+1} − t_{j+1})) of degree d − 1. */
function derivatives(
  knots: readonly number[],
  degree: number,
  x: number,
  order: number,
): Float64Array {
  const count = knots.length - degree - 1;
  // The lower degree on the same knots: its outermost splines have no width.
  const lower =
    order === 1 ? bSplines1(knots, degree - 1, x) : derivatives(knots, degree - 1, x, order - 1);
  const over = (j: number, width: number) => (width > 0 ? lower[j] / width : 0);
  return Float64Array.from(
    { length: count },
    (_, j) =>
      degree *
      (over(j, knots[j + degree] - knots[j]) - over(j + 1, knots[j + degree + 1] - knots[j + 1])),
  );
}

/** B-splines of a lower degree than the multiplicity of the end knots is made for. */
function bSplines1(knots: readonly number[], degree: number, x: number): Float64Array {
  const count = knots.length - degree - 1;
  const ends = knots.filter((knot) => knot === knots[0]).length - 1 - degree;
  const inner = bSplines(knots.slice(ends, knots.length - ends), degree, x);
  const result = new Float64Array(count);
  result.set(inner, ends);
  return result;
}

/** The unit vectors of two Householder reflections that bring both constraints into two coordinates. */
function reflectionsOf(a: Float64Array, b: Float64Array): readonly Float64Array[] {
  const first = householder(a, 0);
  return [first, householder(reflected(b, [first]), 1)];
}

function householder(column: Float64Array, from: number): Float64Array {
  const u = column.map((value, i) => (i < from ? 0 : value));
  u[from] += Math.sign(u[from] || 1) * Math.hypot(...u);
  const length = Math.hypot(...u);
  return u.map((value) => value / length);
}

function reflected(row: Float64Array, units: readonly Float64Array[]): Float64Array {
  return units.reduce((x, u) => {
    const along = x.reduce((sum, value, i) => sum + value * u[i], 0);
    return x.map((value, i) => value - 2 * along * u[i]);
  }, row);
}
