/** How a difference quotient is formed: see {@link differenceQuotient}. */
export type Method = 'forward' | 'central' | 'richardson';

/** A derivative from function values, with an estimate of its error where the method has one. */
export interface Quotient {
  readonly slope: number;
  readonly error: number;
}

/** Steps where the error of the quotient and the rounding error of f balance (relative to x). */
const steps: Record<Method, number> = {
  forward: Math.sqrt(Number.EPSILON),
  central: Math.cbrt(Number.EPSILON),
  richardson: 0.125,
};

/** How often the `richardson` method halves its step. */
const halvings = 12;

/** The default step at x: a power of two, so that x ± step and step / 2 round as little as possible. */
function defaultStep(method: Method, x: number): number {
  const wanted = steps[method] * Math.max(1, Math.abs(x));
  return Number.isFinite(wanted) ? 2 ** Math.round(Math.log2(wanted)) : steps[method];
}

/**
 * The slope of a function of one number.
 *
 * - `forward`: (f(x + h) − f(x))/h, error ∝ h; h ≈ √ε max(1, |x|).
 * - `central`: (f(x + h) − f(x − h))/2h, error ∝ h²; h ≈ ∛ε max(1, |x|) (Nocedal & Wright,
 *   Numerical Optimization, 2006, section 8.1).
 * - `richardson`: central quotients for h, h/2, h/4, … extrapolated to h = 0; of all extrapolations
 *   the one that differs least from its neighbours is taken (Ridders, 1982).
 */
export function differenceQuotient(
  f: (x: number) => number,
  x: number,
  method: Method,
  step: number = defaultStep(method, x),
): Quotient {
  if (method === 'richardson') return extrapolated(f, x, step);
  const right = x + step;
  const left = method === 'forward' ? x : x - step;
  // The width as rounded, not as asked for; a step below rounding leaves none, and a slope of 0.
  const width = right - left || step;
  return { slope: (f(right) - f(left)) / width, error: Number.NaN };
}

// Column k of the table is free of the first k error terms; where f is not defined at distance h
// (log left of 0), the table starts over with the next, smaller step.
function extrapolated(f: (x: number) => number, x: number, start: number): Quotient {
  let best: Quotient = { slope: Number.NaN, error: Number.POSITIVE_INFINITY };
  let above: number[] = [];
  for (let i = 0, h = start; i < halvings; i++, h /= 2) {
    const { slope } = differenceQuotient(f, x, 'central', h);
    if (!Number.isFinite(slope)) {
      above = [];
      if (i === halvings - 1 && Number.isNaN(best.slope)) best = { slope, error: best.error };
      continue;
    }
    const row = [slope];
    for (let k = 0, factor = 4; k < above.length; k++, factor *= 4) {
      const next = row[k] + (row[k] - above[k]) / (factor - 1);
      const error = Math.max(Math.abs(next - row[k]), Math.abs(next - above[k]));
      if (error < best.error) best = { slope: next, error };
      row.push(next);
    }
    above = row;
  }
  return best;
}
