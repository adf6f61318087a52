import { got, option, type Spec, settle } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { numberColumns } from './facts.ts';
import type { FittedStep } from './frame.ts';
import { asking } from './frame-facts.ts';
import { loadRescaling, rescaleStep } from './rescaling.ts';
import { scaleOrWarn } from './standardize.ts';
import type { Step } from './step.ts';

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
  return asking('min-max', function* (facts, note) {
    const names = numberColumns(facts, 'minMax', columns);
    const found = yield* got(facts.extremes(names));
    return rescaleStep(
      'min-max',
      names.map((name, k) => {
        const { low: min, high: max } = found[k];
        // (v − shift) / scale = low at v = min and high at v = max
        const rule = scaleOrWarn({ name, shift: min, scale: (max - min) / (high - low) }, note);
        return { ...rule, shift: min - low * rule.scale };
      }),
    );
  });
}

export function loadMinMax(state: unknown): FittedStep {
  return loadRescaling('min-max', state);
}
