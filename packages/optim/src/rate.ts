import { callback, either, type Option, positive, refusal } from '@steepest/ground';
import type { Schedule } from './schedules/schedule.ts';

/** A learning rate: a number, or one for each step (counted from 0). */
export type Rate = number | Schedule;

/** A learning rate among an optimizer's settings. */
export const rateOption: Option<Rate, 'optional'> = either(
  positive(),
  callback<Schedule>('(step) => rate'),
);

/** A learning rate that need not be given. */
export function rateOr(fallback: number): Option<Rate, 'filled'> {
  return either(positive(), callback<Schedule>('(step) => rate'), fallback);
}

/** A rate as a schedule whose values are checked when they are used. */
export function scheduleOf(operation: string, rate: Rate): Schedule {
  if (typeof rate !== 'function') return () => rate;
  return (step) => {
    const value = rate(step);
    if (typeof value === 'number' && value >= 0 && value < Infinity) return value;
    throw refusal(
      operation,
      'the rate schedule must give a number of at least 0',
      value,
      `check the schedule's arguments (at step ${step})`,
    );
  };
}
