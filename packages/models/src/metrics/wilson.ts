import { argument, required, settle, wholeNumber } from '@steepest/ground';
import { levelOption } from '../inference/level.ts';
import { twoSidedQuantile } from '../inference/tails.ts';
import type { Interval, LevelOptions } from './interval.ts';

/**
 * An interval for a share, such as an accuracy, by the score test (Wilson, 1927): inside [0, 1], and right
 * near its ends too, where estimate ± error is not. Throws where there are more successes than trials.
 *
 * ```ts
 * wilsonInterval(9, 10); // 0.596 to 0.982
 * ```
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  options: LevelOptions = {},
): Interval {
  argument('wilsonInterval', 'trials', trials, required(wholeNumber(1)));
  argument('wilsonInterval', 'successes', successes, required(wholeNumber(0, undefined, trials)));
  const { level: wanted } = settle('wilsonInterval', options, {
    level: levelOption,
  });
  const z = twoSidedQuantile(wanted, Infinity);
  const estimate = successes / trials;
  const middle = estimate + z ** 2 / (2 * trials);
  const half = z * Math.sqrt((estimate * (1 - estimate)) / trials + (z / (2 * trials)) ** 2);
  const whole = 1 + z ** 2 / trials;
  return {
    estimate,
    // At the ends rounding would leave 1e-17 beside 0 and 1, which the formula gives exactly.
    low: successes === 0 ? 0 : (middle - half) / whole,
    high: successes === trials ? 1 : (middle + half) / whole,
    level: wanted,
    method: 'Wilson',
  };
}
