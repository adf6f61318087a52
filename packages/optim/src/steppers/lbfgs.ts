import type { FlatMatrix } from '@steepest/autodiff';
import { type Spec, settle, wholeNumber } from '@steepest/ground';
import {
  addScaledDot,
  columnOf,
  difference,
  dotOf,
  lengthOf,
  scaled,
} from '../linear-algebra/columns.ts';
import type { Stepper } from '../stepper.ts';
import { overColumns } from './columns.ts';
import {
  type LineSearchSettings,
  lineSearch,
  lineSearchSpec,
  noDescent,
  notEvenSteepest,
} from './line-search.ts';

/** One remembered step s, its change of gradient y, as columns over all entries, and 1/sᵀy. */
export interface LbfgsPair {
  readonly step: FlatMatrix;
  readonly yield: FlatMatrix;
  readonly inverse: number;
}

/** The last steps, oldest first. */
export interface LbfgsState {
  readonly pairs: readonly LbfgsPair[];
  readonly rate: number;
}

/** How many steps are remembered (10), and the settings of the line search. */
export interface LbfgsSettings extends LineSearchSettings {
  readonly memory?: number | undefined;
}

const lbfgsSpec = { memory: wholeNumber(1, 10), ...lineSearchSpec } satisfies Spec<LbfgsSettings>;

/** A decrease by a smaller share of the loss drowns in the rounding of a sum of many terms. */
const hiddenShare = 1e-13;

/**
 * L-BFGS: a quasi-Newton step d = −Hg from the last `memory` steps by the two-loop recursion, of a
 * length that satisfies the strong Wolfe conditions (Nocedal, 1980; Liu & Nocedal, 1989). For
 * objectives that do not change from step to step: a full batch, not minibatches.
 *
 * Throws a LineSearchError where not even the steepest descent lowers the objective.
 *
 * It takes a small gradient at its word: on NIST's Lanczos3 (condition 5e8) 1e-8 leaves five digits of the
 * parameters. `bfgs` asks the Hessian there; `leastSquaresOf` has all digits.
 *
 * ```ts
 * minimize(f, x0, { method: lbfgs({ memory: 10 }) });
 * ```
 */
export function lbfgs(settings: LbfgsSettings = {}): Stepper<LbfgsState> {
  const { memory, ...search } = settle('lbfgs', settings, lbfgsSpec);
  return overColumns<LbfgsState>({
    name: 'lbfgs',
    settings: () => ({ memory, ...search }),
    init: () => ({ pairs: [], rate: 0 }),
    *search(g, state, x, at) {
      const length = lengthOf(g);
      if (length === 0) return [g.slice(), state];
      const { pairs } = state;
      const newton = twoLoops(g, pairs);
      const short = Math.min(1, 1 / length);
      const found =
        (yield* lineSearch(newton, pairs.length === 0 ? short : 1, g, x, at.value, search)) ??
        (pairs.length === 0
          ? undefined
          : yield* lineSearch(scaled(g, -1), short, g, x, at.value, search));
      if (found === undefined) throw nothingFound(dotOf(g, newton), at.value, pairs.length);
      const s = found.change;
      const y = difference(found.gradient, g);
      const inner = dotOf(s, y);
      // Without positive curvature along the step, H would lose its positive definiteness.
      const keep = inner > 1e-14 * lengthOf(s) * lengthOf(y);
      const pair = { step: columnOf(s), yield: columnOf(y), inverse: 1 / inner };
      const next = keep ? [...pairs.slice(pairs.length < memory ? 0 : 1), pair] : pairs;
      return [s, { pairs: next, rate: found.rate }];
    },
    learningRate: (state) => state.rate,
    reach: (g, state) => lengthOf(twoLoops(g, state.pairs)),
  });
}

/**
 * −Hg, H the inverse Hessian that the remembered steps imply (Nocedal & Wright, algorithm 7.4). Each
 * pass over q also takes the inner product that the next one needs.
 */
function twoLoops(g: Float64Array, pairs: readonly LbfgsPair[]): Float64Array {
  const q = g.slice();
  const last = pairs.length - 1;
  if (last < 0) return scaled(q, -1);
  const shares = new Float64Array(pairs.length);
  let inner = dotOf(pairs[last].step.data, q);
  for (let k = last; k >= 0; k--) {
    const { inverse, yield: y } = pairs[k];
    shares[k] = inverse * inner;
    // At the end of the way down, the next inner product is the first one of the way up.
    const { data } = k > 0 ? pairs[k - 1].step : pairs[0].yield;
    inner = addScaledDot(q, -shares[k], y.data, data);
  }
  const { inverse, yield: y } = pairs[last];
  const scale = -1 / (inverse * dotOf(y.data, y.data));
  for (let i = 0; i < q.length; i++) q[i] *= scale;
  inner *= scale;
  for (let k = 0; k <= last; k++) {
    const factor = -shares[k] - pairs[k].inverse * inner;
    const { data } = pairs[Math.min(k + 1, last)].yield;
    inner = addScaledDot(q, factor, pairs[k].step.data, data);
  }
  return q;
}

function nothingFound(slope: number, value: number, remembered: number): Error {
  const promised = -slope / 2 / Math.abs(value);
  return noDescent(
    'lbfgs',
    remembered > 0 && promised < hiddenShare
      ? `the next one promises a share of ${promised.toExponential(0)}, which rounding hides`
      : notEvenSteepest,
  );
}
