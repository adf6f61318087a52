import {
  argument,
  callback,
  nonNegative,
  refusal,
  required,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import type { Schedule } from './schedule.ts';

/**
 * The rate times every factor whose step has been reached (Optax, piecewise_constant_schedule):
 * η(t) = rate · Π {factor : boundary ≤ t}.
 *
 * ```ts
 * piecewise(1, { 5: 0.1, 12: 0.5 })(12); // 0.05
 * ```
 */
export function piecewise(rate: number, factors: Readonly<Record<number, number>>): Schedule {
  const operation = 'piecewise';
  argument(operation, 'rate', rate, required(nonNegative(0.1)));
  if (typeof factors !== 'object' || factors === null || Array.isArray(factors)) {
    throw refusal(operation, 'factors must be an object by steps', factors, 'write { 100: 0.1 }');
  }
  const jumps = Object.entries(factors).map(([boundary, given]) => {
    argument(operation, 'boundary', Number(boundary), required(wholeNumber(0)));
    const factor = argument(operation, `factor ${boundary}`, given, required(nonNegative(0.1)));
    return [Number(boundary), factor] as const;
  });
  jumps.sort(([a], [b]) => a - b);
  return (step) => {
    let value = rate;
    for (const [boundary, factor] of jumps) if (step >= boundary) value *= factor;
    return value;
  };
}

/** How many steps the rise takes, and the rate that it starts from (0). */
export interface WarmUpSettings {
  readonly steps: number;
  readonly from?: number | undefined;
}

const warmUpSpec = {
  steps: required(wholeNumber(1, 100)),
  from: nonNegative(0),
} satisfies Spec<WarmUpSettings>;

/**
 * A straight line up to a schedule's first rate, then that schedule from its own step 0
 * (Goyal et al., 2017): η(t) = from + (schedule(0) − from) t/steps, then schedule(t − steps).
 *
 * ```ts
 * warmUp(cosine(1, { steps: 16 }), { steps: 4 })(2); // 0.5
 * ```
 */
export function warmUp(schedule: Schedule, rise: WarmUpSettings): Schedule {
  const { steps, from } = settle('warmUp', rise, warmUpSpec);
  isSchedule('warmUp', schedule);
  return (step) => {
    if (step >= steps) return schedule(step - steps);
    return from + (schedule(0) - from) * (step / steps);
  };
}

/**
 * Schedules one after another, each from its own step 0: the pieces but the last say for how many
 * steps they hold (Optax, join_schedules).
 *
 * ```ts
 * sequence([linear({ from: 0, to: 1, steps: 5 }), 5], [constant(1), 10], inverseTime(1));
 * ```
 */
export function sequence(
  ...pieces: [...(readonly [schedule: Schedule, steps: number])[], Schedule]
): Schedule {
  const last = pieces.at(-1) as Schedule;
  isSchedule('sequence', last);
  const timed = pieces.slice(0, -1) as (readonly [Schedule, number])[];
  for (const piece of timed) {
    if (!Array.isArray(piece)) {
      const advice = 'write [schedule, steps] for every one but the last';
      throw refusal('sequence', 'a piece must be a schedule and its steps', piece, advice);
    }
    const [schedule, steps] = piece;
    isSchedule('sequence', schedule);
    argument('sequence', 'steps', steps, required(wholeNumber(1, 100)));
  }
  return (step) => {
    let left = step;
    for (const [schedule, steps] of timed) {
      if (left < steps) return schedule(left);
      left -= steps;
    }
    return last(left);
  };
}

/**
 * Starts a schedule again every `every` steps: η(t) = schedule(t mod every). Over a cosine these
 * are warm restarts (Loshchilov & Hutter, 2017).
 *
 * ```ts
 * restart(cosine(1, { steps: 10 }), 10)(10); // 1
 * ```
 */
export function restart(schedule: Schedule, every: number): Schedule {
  isSchedule('restart', schedule);
  argument('restart', 'every', every, required(wholeNumber(1, 100)));
  return (step) => schedule(step % every);
}

/**
 * The product of schedules: η(t) = Π schedule(t).
 *
 * ```ts
 * product(constant(0.1), inverseSqrt(1))(3); // 0.05
 * ```
 */
export function product(...schedules: Schedule[]): Schedule {
  for (const schedule of schedules) isSchedule('product', schedule);
  return (step) => schedules.reduce((value, schedule) => value * schedule(step), 1);
}

function isSchedule(operation: string, schedule: unknown): void {
  const one = callback<Schedule>('(step) => rate');
  argument(operation, 'the schedule', schedule, {
    ...required(one),
    advice: 'write constant(0.1) for a fixed rate',
  });
}
