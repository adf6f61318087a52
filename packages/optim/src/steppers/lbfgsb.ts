import {
  type FlatMatrix,
  maximum,
  minimum,
  type Operand,
  sub,
  type Tree,
} from '@steepest/autodiff';
import { option, refusal, type Spec, settle, wholeNumber } from '@steepest/ground';
import { type Box, clamped, room } from '../bounded/box.ts';
import { cauchyPoint } from '../bounded/cauchy-point.ts';
import { CompactHessian } from '../bounded/compact.ts';
import { subspaceMinimum } from '../bounded/subspace.ts';
import { columnOf, dotOf, lengthOf } from '../linear-algebra/columns.ts';
import type { Stepper } from '../stepper.ts';
import { flatten } from '../vectors.ts';
import { overColumns } from './columns.ts';
import { each } from './each.ts';
import { type LineSearchSettings, lineSearch, lineSearchSpec, noDescent } from './line-search.ts';

/** The last steps and changes of gradient, oldest first. */
export interface LbfgsbState {
  readonly steps: readonly FlatMatrix[];
  readonly yields: readonly FlatMatrix[];
  readonly rate: number;
}

/** A bound for all entries, or one for each: of the parameters' structure. */
export type Bound = number | Tree;

export interface LbfgsbSettings extends LineSearchSettings {
  /** −Infinity unless given. */
  readonly lower?: Bound | undefined;
  /** Infinity unless given. */
  readonly upper?: Bound | undefined;
  /** How many steps are remembered (10). */
  readonly memory?: number | undefined;
}

const boundOption = option<Bound>({
  expected: 'a number, or a structure with a bound for every parameter',
  accepts: (x) => (typeof x === 'number' ? !Number.isNaN(x) : typeof x === 'object' && x !== null),
  sample: '0',
});

const lbfgsbSpec = {
  ...lineSearchSpec,
  lower: boundOption,
  upper: boundOption,
  memory: wholeNumber(1, 10),
} satisfies Spec<LbfgsbSettings>;

/**
 * L-BFGS within bounds: the quasi-Newton model is minimized over the box, first along the bent steepest
 * descent, then over the variables that are free there, and a line search goes towards that point (Byrd,
 * Lu, Nocedal & Zhu, 1995; Morales & Nocedal, 2011). A start outside of the box is moved into it.
 *
 * Stops by x − clip(x − ∇f, lower, upper), which vanishes where no feasible direction descends. Throws a
 * LineSearchError where no step lowers f, and a RangeError where a lower bound exceeds an upper one.
 *
 * ```ts
 * minimize(f, x0, { method: lbfgsb({ lower: 0 }) });
 * ```
 */
export function lbfgsb(settings: LbfgsbSettings = {}): Stepper<LbfgsbState> {
  const { lower, upper, memory, ...search } = settle('lbfgsb', settings, lbfgsbSpec);
  const method = overColumns<LbfgsbState>({
    name: 'lbfgsb',
    settings: () => ({ memory, ...search }),
    init: (x) => {
      boxOf(lower, upper, x.length);
      return { steps: [], yields: [], rate: 0 };
    },
    *search(g, state, x, at) {
      const box = boxOf(lower, upper, x.length);
      const inside = clamped(x, box);
      if (inside.some((xi, i) => xi !== x[i])) return [inside.map((xi, i) => xi - x[i]), state];
      const remembered = state.steps.length > 0;
      for (const kept of remembered ? [state, { steps: [], yields: [] }] : [state]) {
        const hessian = new CompactHessian(
          kept.steps.map(({ data }) => data),
          kept.yields.map(({ data }) => data),
        );
        const cauchy = cauchyPoint(x, g, box, hessian);
        const target = subspaceMinimum(x, g, box, hessian, cauchy);
        const direction = target.map((t, i) => t - x[i]);
        const most = room(x, direction, box);
        const first =
          kept.steps.length === 0 ? Math.min(1, 1 / lengthOf(g), most) : Math.min(1, most);
        const limited = { ...search, most };
        const found = yield* lineSearch(direction, first, g, x, at.value, limited);
        if (found === undefined) continue;
        // Rounding must not carry a variable over its bound.
        const end = clamped(
          x.map((xi, i) => xi + found.change[i]),
          box,
        );
        const s = end.map((e, i) => e - x[i]);
        const y = found.gradient.map((gi, i) => gi - g[i]);
        const keep = dotOf(s, y) > Number.EPSILON * dotOf(y, y);
        const steps = keep ? [...kept.steps, columnOf(s)].slice(-memory) : kept.steps;
        const yields = keep ? [...kept.yields, columnOf(y)].slice(-memory) : kept.yields;
        return [s, { steps, yields, rate: found.rate }];
      }
      throw noDescent('lbfgsb');
    },
    learningRate: (state) => state.rate,
  });
  return {
    ...method,
    stationarity(gradient, params) {
      const clip = (w: Operand, g: Operand, low: Operand, high: Operand) =>
        sub(w, minimum(maximum(sub(w, g), low), high));
      const [low, high] = [lower ?? -Infinity, upper ?? Infinity].map((bound) =>
        typeof bound === 'number' ? each(() => bound, params) : bound,
      );
      return each(clip, params, gradient, low, high);
    },
  };
}

function boxOf(lower: Bound | undefined, upper: Bound | undefined, n: number): Box {
  const sides = { lower: sideOf(lower, -Infinity, n), upper: sideOf(upper, Infinity, n) };
  const crossed = sides.lower.findIndex((low, i) => !(low <= sides.upper[i]));
  if (crossed >= 0) {
    throw new RangeError(
      `lbfgsb: lower must not exceed upper, got ${sides.lower[crossed]} and ` +
        `${sides.upper[crossed]} for entry ${crossed}; exchange them`,
    );
  }
  return sides;
}

function sideOf(bound: Bound | undefined, open: number, n: number): Float64Array {
  if (bound === undefined || (typeof bound === 'number' && n !== 1))
    return new Float64Array(n).fill(typeof bound === 'number' ? bound : open);
  const entries = flatten(bound as Tree).data;
  if (entries.length === n) return entries;
  throw refusal(
    'lbfgsb',
    `a structure of bounds must have the parameters' ${n} entries`,
    entries.length,
    'give a number for all of them, or the same structure',
  );
}
