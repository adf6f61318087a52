import { option, type Spec, settle } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { type FittedStep, numericColumns, type Step } from './frame.ts';
import { loadRescaling, rescaleStep } from './rescaling.ts';
import { scaleOrWarn } from './standardize.ts';

/** Where the smallest and the largest training value go. */
export interface MinMaxOptions {
  readonly to?: readonly [number, number] | undefined;
  readonly columns?: readonly string[] | undefined;
}

const minMaxSpec = {
  to: option<readonly [number, number], readonly [number, number]>(
    {
      expected: 'two numbers, the smaller first',
      accepts: (x) => Array.isArray(x) && x.length === 2 && x.every(Number.isFinite) && x[0] < x[1],
      sample: '[-1, 1]',
    },
    [0, 1],
  ),
  columns: columnNames,
} satisfies Spec<MinMaxOptions>;

/**
 * Moves each number column so that its smallest training value becomes `to[0]` and its largest `to[1]`,
 * [0, 1] unless said. A constant column becomes `to[0]`, with a warning.
 *
 * @example
 * prepare([minMax()])
 * prepare([minMax({ to: [-1, 1], columns: ['age'] })])
 */
export function minMax(options: MinMaxOptions = {}): Step {
  const { to, columns } = settle('minMax', options, minMaxSpec);
  const [low, high] = to;
  return {
    step: 'min-max',
    fit: (frame, note) =>
      rescaleStep(
        'min-max',
        numericColumns(frame, 'minMax', columns).map(({ name, values }) => {
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
