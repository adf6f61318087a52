import {
  argument,
  boolean,
  fraction,
  oneOf,
  positive,
  refusal,
  required,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import type { Schedule } from './schedule.ts';

/** One rise and fall of the rate. */
export interface OneCycleSettings {
  /** Steps of the whole cycle. */
  readonly steps: number;
  /** Which share of the steps the rate rises (0.3). */
  readonly rise?: number | undefined;
  /** The cycle starts at peak/startDivisor (25). */
  readonly startDivisor?: number | undefined;
  /** It ends at start/endDivisor (1e4). */
  readonly endDivisor?: number | undefined;
  /** How the rate goes from one end of a phase to the other ('cosine'). */
  readonly shape?: 'cosine' | 'linear' | undefined;
  /** Fall as fast as it rose, back to the start, and from there to the end (false). */
  readonly threePhases?: boolean | undefined;
}

const oneCycleSpec = {
  steps: required(wholeNumber(2, 1000)),
  rise: fraction(0.3),
  startDivisor: positive(25),
  endDivisor: positive(1e4),
  shape: oneOf(['cosine', 'linear'], 'cosine'),
  threePhases: boolean(false),
} satisfies Spec<OneCycleSettings>;

/**
 * One cycle: from peak/startDivisor up to the peak and down to start/endDivisor, then level (Smith &
 * Topin, *Super-convergence*, 2019; phases as PyTorch's OneCycleLR): the peak is at step rise · steps − 1,
 * the end at steps − 1, and with three phases the rate is back at its start at 2 · rise · steps − 2.
 *
 * Throws a RangeError where the rise takes no step, or leaves none for the fall.
 *
 * ```ts
 * oneCycle(0.1, { steps: 10 })(2); // 0.1
 * ```
 */
export function oneCycle(peak: number, cycle: OneCycleSettings): Schedule {
  argument('oneCycle', 'peak', peak, required(positive(0.1)));
  const settings = settle('oneCycle', cycle, oneCycleSpec);
  const { steps, rise, startDivisor, endDivisor, shape, threePhases } = settings;
  const [start, top, last] = [peak / startDivisor, rise * steps - 1, steps - 1];
  const corners = [
    { at: 0, rate: start },
    { at: top, rate: peak },
    ...(threePhases ? [{ at: 2 * top, rate: start }] : []),
    { at: last, rate: start / endDivisor },
  ];
  if (corners.some(({ at }, i) => i > 0 && at <= corners[i - 1].at)) {
    const advice = 'choose rise so that every phase has a step: 0.3 with 10 steps or more';
    throw refusal('oneCycle', `rise must leave steps for every phase of ${steps}`, rise, advice);
  }
  return (step) => {
    const i = corners.findIndex(({ at }, k) => k > 0 && step <= at);
    if (i < 0) return start / endDivisor;
    const [from, to] = [corners[i - 1], corners[i]];
    const way = (step - from.at) / (to.at - from.at);
    if (shape === 'linear') return from.rate + (to.rate - from.rate) * way;
    return to.rate + ((from.rate - to.rate) / 2) * (1 + Math.cos(Math.PI * way));
  };
}
