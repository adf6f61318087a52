import { type FittedStep, interceptName, type Step } from './frame.ts';

/**
 * Puts a column of ones, `(intercept)`, before all others: for models that do not add one themselves.
 *
 * @example
 * prepare([standardize(), intercept()])
 * // names: ['(intercept)', …]
 */
export function intercept(): Step {
  return { step: 'intercept', fit: () => loadIntercept() };
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
