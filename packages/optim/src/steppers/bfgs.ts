import { FlatMatrix } from '@steepest/autodiff';
import { settle } from '@steepest/ground';
import { dotOf, lengthOf } from '../linear-algebra/columns.ts';
import { modifiedSolver } from '../linear-algebra/modified-cholesky.ts';
import type { Arrival, Stepper } from '../stepper.ts';
import { overColumns } from './columns.ts';
import {
  type LineSearchSettings,
  lineSearch,
  lineSearchSpec,
  noDescent,
  notEvenSteepest,
} from './line-search.ts';

/** The inverse Hessian as the steps so far imply it. */
export interface BfgsState {
  readonly inverse: FlatMatrix;
  /** How many steps have shaped it; before the first it is the identity. */
  readonly updates: number;
  readonly rate: number;
  /** Whether it began anew from the exact Hessian, where the gradient was small: see `settledAt`. */
  readonly exact: boolean;
}

/**
 * BFGS with the dense inverse Hessian H: the step −Hg, of a length that satisfies the strong Wolfe
 * conditions; then H ← (I − ρsyᵀ) H (I − ρysᵀ) + ρssᵀ with ρ = 1/sᵀy (Nocedal & Wright, 2006, (6.17)),
 * which begins as (sᵀy/yᵀy) I.
 *
 * N² numbers and operations a step: for up to some thousand parameters, where it needs fewer evaluations
 * than L-BFGS. Where the gradient is small by a tolerance that nobody set, but directions that no step went
 * may be flat, it looks at the exact Hessian once, and goes on from its inverse unless little is left to gain. Throws a LineSearchError where no step lowers f.
 *
 * ```ts
 * minimize(f, x0, { method: bfgs() });
 * ```
 */
export function bfgs(settings: LineSearchSettings = {}): Stepper<BfgsState> {
  const search = settle('bfgs', settings, lineSearchSpec);
  return overColumns<BfgsState>({
    name: 'bfgs',
    settings: () => search,
    init: (x) => ({ inverse: identity(x.length), updates: 0, rate: 0, exact: false }),
    *search(g, state, x, at) {
      const size = lengthOf(g);
      if (size === 0) return [g.slice(), state];
      const fresh = { ...state, inverse: identity(x.length), updates: 0, exact: false };
      // Where H points nowhere, the steepest descent gets a try of its own.
      for (const from of state.updates > 0 ? [state, fresh] : [state]) {
        const direction = product(from.inverse, g).map((d) => -d);
        const first = from.updates === 0 ? Math.min(1, 1 / size) : 1;
        const found = yield* lineSearch(direction, first, g, x, at.value, search);
        if (found === undefined) continue;
        const y = found.gradient.map((gi, i) => gi - g[i]);
        return [found.change, { ...updated(from, found.change, y), rate: found.rate }];
      }
      throw noDescent('bfgs', notEvenSteepest);
    },
    learningRate: (state) => state.rate,
    reach: (g, state) => lengthOf(product(state.inverse, g)),
    *confirm(g, state, x, at) {
      const settled = settledAt(g, state, at);
      if (settled || state.exact) return [settled, state];
      const { curvature } = yield { x, curvature: true };
      const inverse = inverseOfModified(curvature?.data as Float64Array, x.length);
      const next = { ...state, inverse, exact: true };
      return [settledAt(g, next, at), next];
    },
  });
}

/** What may still be gained where a run ends, as a share of |f| … */
const gainOfValue = 1e-9;
/** … and of its size at the start. */
const gainOfFirst = 1e-20;

/**
 * Whether the minimum of the quadratic model lies no more than that below. An H that was learned knows
 * nothing of directions in which no step went, so ½‖g‖² tr H stands for ½gᵀHg: where even that is little,
 * the exact Hessian need not be asked.
 */
function settledAt(g: Float64Array, { inverse, exact }: BfgsState, at: Arrival): boolean {
  const most = gainOfValue * Math.abs(at.value) + gainOfFirst * at.firstSize;
  if (exact) return 0.5 * dotOf(g, product(inverse, g)) <= most;
  let trace = 0;
  for (let i = 0; i < g.length; i++) trace += inverse.get(i, i);
  return 0.5 * dotOf(g, g) * trace <= most;
}

function inverseOfModified(hessian: Float64Array, n: number): FlatMatrix {
  const solve = modifiedSolver(hessian, n);
  const inverse = new FlatMatrix(n, n);
  const unit = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    unit[i] = 1;
    inverse.data.set(solve(unit), i * n);
    unit[i] = 0;
  }
  return inverse;
}

function updated(state: BfgsState, s: Float64Array, y: Float64Array): Omit<BfgsState, 'rate'> {
  const sy = dotOf(s, y);
  const yy = dotOf(y, y);
  // Without positive curvature along the step, H would lose its positive definiteness.
  if (!(sy > 1e-14 * Math.sqrt(dotOf(s, s) * yy))) return state;
  const n = s.length;
  const h = state.inverse.data.slice();
  if (state.updates === 0 && !state.exact) for (let i = 0; i < n; i++) h[i * n + i] = sy / yy;
  const hy = product(new FlatMatrix(n, n, h), y);
  const factor = (1 + dotOf(y, hy) / sy) / sy;
  for (let i = 0; i < n; i++) {
    const si = s[i];
    const hyi = hy[i];
    for (let j = 0; j < n; j++) {
      h[i * n + j] += factor * si * s[j] - (hyi * s[j] + si * hy[j]) / sy;
    }
  }
  return { inverse: new FlatMatrix(n, n, h), updates: state.updates + 1, exact: state.exact };
}

function identity(n: number): FlatMatrix {
  const result = new FlatMatrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  return result;
}

function product({ data, rows }: FlatMatrix, x: Float64Array): Float64Array {
  const n = x.length;
  const result = new Float64Array(rows);
  for (let i = 0, k = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++, k++) sum += data[k] * x[j];
    result[i] = sum;
  }
  return result;
}
