import { FlatMatrix } from '@steepest/autodiff';
import { fraction, type Spec, settle } from '@steepest/ground';
import { columnOf, dotOf, lengthOf } from '../linear-algebra/columns.ts';
import type { Stepper } from '../stepper.ts';
import { overColumns } from './columns.ts';
import { type LineSearchSettings, lineSearch, lineSearchSpec, noDescent } from './line-search.ts';

/** The last direction and what is needed to find the next. */
export interface ConjugateGradientState {
  /** The last gradient and direction; zeros before the first step. */
  readonly gradient: FlatMatrix;
  readonly direction: FlatMatrix;
  readonly rate: number;
}

const directionShare = 0.01;

const spec = { ...lineSearchSpec, curvature: fraction(0.4) } satisfies Spec<LineSearchSettings>;

/**
 * Nonlinear conjugate gradients with the β of Hager and Zhang (*A new conjugate gradient method with
 * guaranteed descent*, 2005): d ← −g + βd with β = (y − 2d‖y‖²/dᵀy)ᵀg / dᵀy, at least
 * −1/(‖d‖ min(0.01, ‖g‖)), along which the strong Wolfe conditions choose the length (c₂ 0.4
 * unless given). Needs four columns of memory.
 *
 * Throws a LineSearchError where no step lowers f.
 *
 * ```ts
 * minimize(f, x0, { method: conjugateGradient() });
 * ```
 */
export function conjugateGradient(
  settings: LineSearchSettings = {},
): Stepper<ConjugateGradientState> {
  const search = settle('conjugateGradient', settings, spec);
  return overColumns<ConjugateGradientState>({
    name: 'conjugateGradient',
    settings: () => search,
    init: (x) => ({
      gradient: new FlatMatrix(x.length, 1),
      direction: new FlatMatrix(x.length, 1),
      rate: 0,
    }),
    *search(g, state, x, at) {
      const size = lengthOf(g);
      if (size === 0) return [g.slice(), state];
      const old = state.direction.data;
      const beta = betaOf(g, size, state);
      const steepest = g.map((gi) => -gi);
      const bent = beta === undefined ? undefined : steepest.map((d, i) => d + beta * old[i]);
      for (const direction of bent === undefined ? [steepest] : [bent, steepest]) {
        const slope = dotOf(g, direction);
        const before = dotOf(state.gradient.data, old);
        // The step of a quadratic whose decrease per slope stays: Nocedal & Wright, 2006, (3.60).
        const guess = direction === bent ? (state.rate * before) / slope : 1 / size;
        const first = guess > 0 && guess < Infinity ? guess : 1 / size;
        const found = yield* lineSearch(direction, first, g, x, at.value, search);
        if (found === undefined) continue;
        const kept = { gradient: columnOf(g.slice()), direction: columnOf(direction) };
        return [found.change, { ...kept, rate: found.rate }];
      }
      throw noDescent('conjugateGradient');
    },
    learningRate: (state) => state.rate,
  });
}

function betaOf(
  g: Float64Array,
  size: number,
  { gradient, direction, rate }: ConjugateGradientState,
): number | undefined {
  if (rate === 0) return undefined;
  const d = direction.data;
  const y = g.map((gi, i) => gi - gradient.data[i]);
  const dy = dotOf(d, y);
  if (!(dy > 0)) return undefined;
  const bend = (2 * dotOf(y, y)) / dy;
  const beta = (dotOf(y, g) - bend * dotOf(d, g)) / dy;
  const least = -1 / (lengthOf(d) * Math.min(directionShare, lengthOf(gradient.data)));
  return size > 0 ? Math.max(beta, least) : undefined;
}
