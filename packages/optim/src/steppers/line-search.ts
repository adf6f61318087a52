import { fraction, type Spec, wholeNumber } from '@steepest/ground';
import { ahead, dotOf, scaled } from '../linear-algebra/columns.ts';
import { LineSearchError } from '../stepper.ts';
import type { ColumnAnswer, ColumnAsk } from './columns.ts';
import { strongWolfe, type Trial } from './strong-wolfe.ts';

/** c₁ (1e-4) and c₂ (0.9) of the strong Wolfe conditions, and the most points that one search looks at (40). */
export interface LineSearchSettings {
  readonly decrease?: number | undefined;
  readonly curvature?: number | undefined;
  readonly trials?: number | undefined;
}

export const lineSearchSpec: Spec<LineSearchSettings, 'decrease' | 'curvature' | 'trials'> = {
  decrease: fraction(1e-4),
  curvature: fraction(0.9),
  trials: wholeNumber(1, 40),
};

/** Where a search ended: the step it found, and the objective's gradient there. */
export interface Found extends Trial {
  readonly change: Float64Array;
  readonly gradient: Float64Array;
}

interface Probe extends Trial {
  readonly gradient: Float64Array;
}

/** A step along a direction that satisfies the strong Wolfe conditions; undefined if none lowers f. */
export function* lineSearch(
  direction: Float64Array,
  first: number,
  g: Float64Array,
  x: Float64Array,
  value: number,
  settings: Record<keyof LineSearchSettings, number> & {
    /** The longest step that may be looked at; Infinity unless given. */
    readonly most?: number;
  },
): Generator<ColumnAsk, Found | undefined, ColumnAnswer> {
  const slope = dotOf(g, direction);
  if (!(slope < 0)) return undefined;
  const search = strongWolfe<Probe>({ rate: 0, value, slope }, first, settings);
  let turn = search.next();
  while (!turn.done) {
    const rate = turn.value;
    if (rate > (settings.most ?? Infinity)) {
      turn = search.next({ rate, value: Infinity, slope: Infinity, gradient: g });
      continue;
    }
    const there = yield { x: ahead(x, rate, direction), gradient: true };
    const gradient = there.gradient as Float64Array;
    turn = search.next({ rate, value: there.value, gradient, slope: dotOf(gradient, direction) });
  }
  return turn.value && { ...turn.value, change: scaled(direction, turn.value.rate) };
}

const unexplained =
  'either rounding hides any further progress, or the gradient does not belong to the loss';

export const notEvenSteepest: string = `not even along the steepest descent; ${unexplained}`;

/** The error of a method whose search found nothing. */
export function noDescent(method: string, why: string = unexplained): LineSearchError {
  return new LineSearchError(`${method}: no step lowers the loss, ${why}`);
}
