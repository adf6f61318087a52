import type { Schedule } from './schedules/schedule.ts';

/** A positive, finite number, or a RangeError that says what to write instead. */
export function positive(operation: string, name: string, x: number): number {
  if (typeof x === 'number' && x > 0 && x < Infinity) return x;
  throw new RangeError(
    `${operation}: ${name} must be a positive number, got ${show(x)}; try 0.01, or leave it out`,
  );
}

/** A number of at least 0. */
export function nonNegative(operation: string, name: string, x: number): number {
  if (typeof x === 'number' && x >= 0 && x < Infinity) return x;
  throw new RangeError(
    `${operation}: ${name} must be a number of at least 0, got ${show(x)}; 0 switches it off`,
  );
}

/** A number in [0, 1): what a memory keeps per step. */
export function fraction(operation: string, name: string, x: number): number {
  if (typeof x === 'number' && x >= 0 && x < 1) return x;
  throw new RangeError(
    `${operation}: ${name} must lie in [0, 1), got ${show(x)}; 0.9 is usual, 0 keeps no memory`,
  );
}

/** A whole number of at least `least`. */
export function wholeNumber(operation: string, name: string, x: number, least = 1): number {
  if (Number.isSafeInteger(x) && x >= least) return x;
  throw new RangeError(
    `${operation}: ${name} must be a whole number from ${least}, got ${show(x)}; ` +
      `${name === 'seed' ? 'any fixed one will do' : 'count in whole steps or entries'}`,
  );
}

/** A learning rate: a number, or one for each step (counted from 0). */
export type Rate = number | Schedule;

/** A rate as a schedule whose values are checked when they are used. */
export function scheduleOf(operation: string, rate: Rate): Schedule {
  if (typeof rate !== 'function') {
    const constant = positive(operation, 'rate', rate);
    return () => constant;
  }
  return (step) => {
    const value = rate(step);
    if (typeof value === 'number' && value >= 0 && value < Infinity) return value;
    throw new RangeError(
      `${operation}: the rate schedule must give a number of at least 0, got ${show(value)} ` +
        `at step ${step}; check the schedule's arguments`,
    );
  };
}

export function show(x: unknown): string {
  if (typeof x === 'string') return JSON.stringify(x);
  if (typeof x === 'function') return 'a function';
  if (typeof x === 'object' && x !== null)
    return `an object of ${x.constructor?.name ?? 'no class'}`;
  return String(x);
}
