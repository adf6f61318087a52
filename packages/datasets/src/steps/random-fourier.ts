import { got, positive, type Spec, seed, settle, wholeNumber } from '@steepest/ground';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { columnNames } from '../column-names.ts';
import { finite, record, texts, wrong } from '../schema/json.ts';
import { numberColumns } from './facts.ts';
import { type FittedStep, numericColumns, ownScale } from './frame.ts';
import { asking } from './frame-facts.ts';
import type { Step } from './step.ts';

export interface RandomFourierOptions {
  /** How many features; 100 unless said. */
  readonly count?: number | undefined;
  /** γ of the kernel exp(−γ ‖x − y‖²); 1 unless said. */
  readonly gamma?: number | undefined;
  /** Decides the frequencies; 1 unless said. */
  readonly seed?: number | undefined;
  readonly columns?: readonly string[] | undefined;
}

const spec = {
  count: wholeNumber(1, 100, 100_000),
  gamma: positive(1),
  seed: seed(1),
  columns: columnNames,
} satisfies Spec<RandomFourierOptions>;

/** Feature k is √(2/D) cos(Σ frequencies[k][j] x_j + phases[k]). */
interface State {
  readonly columns: readonly string[];
  readonly frequencies: readonly (readonly number[])[];
  readonly phases: readonly number[];
}

/**
 * Replaces number columns by `count` cosines of random frequencies, whose products approximate the
 * Gaussian kernel exp(−γ ‖x − y‖²): a linear model of them is a kernel machine (Rahimi and Recht, 2007;
 * scikit-learn's RBFSampler). Units matter: put standardize() before it.
 *
 * @example
 * prepare([standardize(), randomFourier({ count: 200, gamma: 0.1 })])
 */
export function randomFourier(options: RandomFourierOptions = {}): Step {
  const settled = settle('randomFourier', options, spec);
  return asking('random-fourier', function* (facts) {
    const columns = numberColumns(facts, 'randomFourier', settled.columns);
    const { count, gamma } = settled;
    const random = xoroshiro128plus(settled.seed);
    // Box and Muller (1958); 1 − u is never 0
    const normal = () =>
      Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) *
      Math.cos(2 * Math.PI * uniformFloat64(random));
    const frequencies = Array.from({ length: count }, () =>
      columns.map(() => Math.sqrt(2 * gamma) * normal()),
    );
    const phases = frequencies.map(() => 2 * Math.PI * uniformFloat64(random));
    return yield* got(randomFourierStep({ columns, frequencies, phases }));
  });
}

export function loadRandomFourier(state: unknown): FittedStep {
  const { columns: given, frequencies, phases } = record(state, 'random-fourier');
  const columns = texts(given, 'random-fourier.columns');
  const numbers = (x: unknown, path: string, length: number): number[] => {
    if (!Array.isArray(x) || x.length !== length) throw wrong(path, `${length} numbers`, x);
    return x.map((value, i) => finite(value, `${path}[${i}]`));
  };
  if (!Array.isArray(frequencies)) throw wrong('random-fourier.frequencies', 'a list', frequencies);
  return randomFourierStep({
    columns,
    frequencies: frequencies.map((row, k) =>
      numbers(row, `random-fourier.frequencies[${k}]`, columns.length),
    ),
    phases: numbers(phases, 'random-fourier.phases', frequencies.length),
  });
}

function randomFourierStep(state: State): FittedStep {
  const { columns, frequencies, phases } = state;
  const names = phases.map((_, k) => `fourier${k}`);
  const height = Math.sqrt(2 / phases.length);
  return {
    step: 'random-fourier',
    state,
    apply(frame) {
      const given = numericColumns(frame, 'randomFourier', columns);
      const made = names.map((name, k) => {
        const values = new Float64Array(frame.rows).fill(phases[k]);
        given.forEach(({ values: own }, j) => {
          const frequency = frequencies[k][j];
          for (let i = 0; i < values.length; i++) values[i] += frequency * own[i];
        });
        for (let i = 0; i < values.length; i++) values[i] = height * Math.cos(values[i]);
        return { kind: 'number' as const, name, values };
      });
      const others = frame.columns.filter(({ name }) => !columns.includes(name));
      return { ...frame, columns: [...others, ...made] };
    },
    rescale: (scales) => [
      ...scales.filter(({ name }) => !columns.includes(name)),
      ...names.map(ownScale),
    ],
  };
}
