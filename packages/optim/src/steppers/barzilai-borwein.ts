import type { FlatMatrix } from '@steepest/autodiff';
import { type Spec, settle, wholeNumber } from '@steepest/ground';
import { columnOf, dotOf, lengthOf } from '../linear-algebra/columns.ts';
import type { Stepper } from '../stepper.ts';
import { overColumns } from './columns.ts';
import { noDescent } from './line-search.ts';

/** The last point and gradient, and the values that a step is compared with. */
export interface BarzilaiBorweinState {
  readonly params: FlatMatrix;
  readonly gradient: FlatMatrix;
  /** The last `memory` values, −Infinity where there were none yet. */
  readonly values: FlatMatrix;
  readonly rate: number;
}

/** All of it may be left out. */
export interface BarzilaiBorweinSettings {
  /** A step may end at most at the largest of so many last values (10); 1 allows no rise. */
  readonly memory?: number | undefined;
}

const barzilaiBorweinSpec = { memory: wholeNumber(1, 10) } satisfies Spec<BarzilaiBorweinSettings>;

const decrease = 1e-4;
const trials = 60;

/**
 * Gradient descent with the rate sᵀs/sᵀy of the last step s and its change of gradient y (Barzilai &
 * Borwein, 1988), which values are allowed to rise by: the step is halved only above the largest of the
 * last ones (Raydan, 1997).
 *
 * One gradient a step, no vector but two to remember, nothing to tune. Throws a LineSearchError where no
 * step is low enough.
 *
 * ```ts
 * minimize(f, x0, { method: barzilaiBorwein() });
 * ```
 */
export function barzilaiBorwein(
  settings: BarzilaiBorweinSettings = {},
): Stepper<BarzilaiBorweinState> {
  const { memory } = settle('barzilaiBorwein', settings, barzilaiBorweinSpec);
  return overColumns<BarzilaiBorweinState>({
    name: 'barzilaiBorwein',
    settings: () => ({ memory }),
    init: (x) => ({
      params: columnOf(x),
      gradient: columnOf(new Float64Array(x.length)),
      values: columnOf(new Float64Array(memory).fill(-Infinity)),
      rate: 0,
    }),
    *search(g, state, x, at) {
      const size = dotOf(g, g);
      if (size === 0) return [g.slice(), state];
      const values = state.values.data.slice();
      values[at.step % memory] = at.value;
      const highest = values.reduce((most, v) => Math.max(v, most), at.value);
      let rate = rateFrom(g, x, state);
      for (let k = 0; k < trials; k++, rate /= 2) {
        const change = g.map((gi) => -rate * gi);
        // The first rate is usually taken, so its gradient is asked for at once.
        const there = { x: x.map((xi, i) => xi + change[i]) };
        const { value } = yield k === 0 ? { ...there, gradient: true } : there;
        const bound = highest - decrease * rate * size;
        if (value <= bound || (value <= highest && bound === highest)) {
          const kept = { params: columnOf(x.slice()), gradient: columnOf(g.slice()) };
          return [change, { ...kept, values: columnOf(values), rate }];
        }
      }
      throw noDescent('barzilaiBorwein');
    },
    learningRate: (state) => state.rate,
  });
}

function rateFrom(g: Float64Array, x: Float64Array, state: BarzilaiBorweinState): number {
  if (state.rate === 0) return Math.min(1, 1 / lengthOf(g));
  const s = x.map((xi, i) => xi - state.params.data[i]);
  const y = g.map((gi, i) => gi - state.gradient.data[i]);
  const sy = dotOf(s, y);
  const ss = dotOf(s, s);
  // Along a direction of no positive curvature the last rate says more than the quotient.
  return sy > 0 && ss > 0 ? ss / sy : 2 * state.rate;
}
