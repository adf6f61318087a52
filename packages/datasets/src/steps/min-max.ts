import { type FittedStep, numericColumns, type Step } from './frame.ts';
import { loadRescaling, rescaleStep } from './rescaling.ts';
import { scaleOrWarn } from './standardize.ts';

/**
 * Moves each number column so that its smallest training value becomes `to[0]` and its largest `to[1]`,
 * [0, 1] unless said. A constant column becomes `to[0]`, with a warning.
 *
 * @example
 * prepare([minMax()])
 * prepare([minMax({ to: [-1, 1], columns: ['age'] })])
 */
export function minMax(
  options: { readonly to?: readonly [number, number]; readonly columns?: readonly string[] } = {},
): Step {
  const [low, high] = options.to ?? [0, 1];
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new RangeError(
      `minMax: to must be two numbers, the smaller first, found [${low}, ${high}]`,
    );
  }
  return {
    step: 'min-max',
    fit: (frame, note) =>
      rescaleStep(
        'min-max',
        numericColumns(frame, 'minMax', options.columns).map(({ name, values }) => {
          let min = Number.POSITIVE_INFINITY;
          let max = Number.NEGATIVE_INFINITY;
          for (const value of values) {
            if (value < min) min = value;
            if (value > max) max = value;
          }
          // (v − shift) / scale = low at v = min and high at v = max
          const found = scaleOrWarn({ name, shift: min, scale: (max - min) / (high - low) }, note);
          return { ...found, shift: min - low * found.scale };
        }),
      ),
  };
}

export function loadMinMax(state: unknown): FittedStep {
  return loadRescaling('min-max', state);
}
