import { entriesOf } from '../leaves.ts';
import { dot, norm, plus, times } from '../vectors.ts';

/** A place that was looked at. */
export interface Look<P> {
  readonly params: P;
  readonly gradient: P;
}

// Where a run has settled, what is left to go is far below a hundredth of the way that it came.
const farShare = 1e-2;
// ‖∇f‖ ∝ |x − x*|ᵖ makes the way that is left shrink as ‖∇f‖^(1/p): this allows for p up to 20.
const slowestShrinking = 0.05;

/**
 * Whether the parameters still run away although the gradient is small: an objective that falls for
 * ever (e⁻ˣ), or a plateau on which some parameter has lost its influence, is no minimum. `looks` are
 * the last places, the present one first; `start` is where the run began; `reach`, how far the
 * method's own model would still go, if it has one.
 */
export function runsAway<P>(
  [here, before, earlier]: readonly (Look<P> | undefined)[],
  start: P,
  reach: number | undefined,
): boolean {
  if (here === undefined || before === undefined) return false;
  if (hasFlatEntry(here, before, start)) return true;
  if (earlier === undefined) return false;
  const [left, leftBefore] = [reach ?? secantReach(here, before), secantReach(before, earlier)];
  const way = Math.max(norm(here.params), norm(difference(here.params, start)));
  if (!(left > farShare * way) || norm(here.params) <= norm(before.params)) return false;
  // A negative curvature along the last step: the way has no end in sight.
  if (left === Infinity) return true;
  const shrinking = Math.log(left / leftBefore);
  const falling = Math.log(norm(here.gradient) / norm(before.gradient));
  return falling < 0 && shrinking / falling < slowestShrinking;
}

/** How far Newton's method would go, by the curvature along the last step: ‖g‖ sᵀs/sᵀy. */
function secantReach<P>(here: Look<P>, before: Look<P>): number {
  const s = difference(here.params, before.params);
  const y = difference(here.gradient, before.gradient);
  const curvature = dot(s, y);
  return curvature > 0 ? (norm(here.gradient) * dot(s, s)) / curvature : Infinity;
}

/**
 * Whether an entry that came from elsewhere, by more than a thousandth of itself, has no influence here:
 * the curvature that the last step saw along it, |yᵢ/sᵢ| times the square of its way, is nothing beside
 * the others'.
 */
function hasFlatEntry<P>(here: Look<P>, before: Look<P>, start: P): boolean {
  const joined = (tree: P) => entriesOf(tree).flatMap((x) => [...x]);
  const x = joined(here.params);
  const from = joined(start);
  const s = joined(difference(here.params, before.params));
  const y = joined(difference(here.gradient, before.gradient));
  const largest = x.reduce((size, entry) => Math.max(size, Math.abs(entry)), 0);
  const influence = s.map((step, i) =>
    step === 0
      ? 0
      : Math.abs(y[i] / step) * Math.max(Math.abs(x[i]), Math.abs(x[i] - from[i])) ** 2,
  );
  const most = influence.reduce((a, b) => Math.max(a, b), 0);
  return s.some(
    (step, i) =>
      step !== 0 &&
      Math.abs(x[i] - from[i]) > 1e-3 * Math.max(Math.abs(x[i]), 1e-3 * largest) &&
      influence[i] <= 1e-20 * most,
  );
}

function difference<P>(a: P, b: P): P {
  return plus(a, times(-1, b));
}
