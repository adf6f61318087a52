import { got } from '@steepest/ground';
import { type FittedStep, interceptName } from './frame.ts';
import { asking } from './frame-facts.ts';
import type { Step } from './step.ts';

/**
 * Puts a column of ones, `(intercept)`, before all others: for models that do not add one themselves.
 *
 * @example
 * prepare([standardize(), intercept()])
 * // names: ['(intercept)', …]
 */
export function intercept(): Step {
  return asking('intercept', () => got(loadIntercept()));
}

export function loadIntercept(): FittedStep {
  return {
    step: 'intercept',
    state: {},
    apply(frame) {
      const values = new Float64Array(frame.rows).fill(1);
      return {
        ...frame,
        columns: [{ kind: 'number', name: interceptName, values }, ...frame.columns],
      };
    },
    rescale: (scales) => [
      { name: interceptName, base: interceptName, shift: 0, scale: 1 },
      ...scales,
    ],
  };
}
