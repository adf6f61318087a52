import { nonNegative, show, wholeNumber } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
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
  nonNegative('piecewise', 'rate', rate);
  const jumps = Object.entries(factors).map(([boundary, factor]) => {
    wholeNumber('piecewise', 'boundary', Number(boundary), 0);
    return [Number(boundary), nonNegative('piecewise', 'factor', factor)] as const;
  });
  jumps.sort(([a], [b]) => a - b);
  return (step) => {
    let value = rate;
    for (const [boundary, factor] of jumps) if (step >= boundary) value *= factor;
    return value;
  };
}

/**
 * A straight line up to a schedule's first rate, then that schedule from its own step 0
 * (Goyal et al., 2017): η(t) = from + (schedule(0) − from) t/steps, then schedule(t − steps).
 *
 * ```ts
 * warmUp(cosine(1, { steps: 16 }), { steps: 4 })(2); // 0.5
 * ```
 */
export function warmUp(schedule: Schedule, rise: { steps: number; from?: number }): Schedule {
  knownOptions('warmUp', rise, { steps: true, from: true });
  const { steps, from = 0 } = rise;
  wholeNumber('warmUp', 'steps', steps);
  nonNegative('warmUp', 'from', from);
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
  for (const [schedule, steps] of timed) {
    isSchedule('sequence', schedule);
    wholeNumber('sequence', 'steps', steps);
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
  wholeNumber('restart', 'every', every);
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
  if (typeof schedule === 'function') return;
  throw new TypeError(
    `${operation}: expected a schedule, a function from the step to a rate, got ${show(schedule)}; ` +
      'write constant(0.1) for a fixed rate',
  );
}
