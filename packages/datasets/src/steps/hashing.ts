import { boolean, got, type Spec, settle, wholeNumber } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { quoted } from '../error.ts';
import { record, texts, wrong } from '../schema/json.ts';
import { columnsByName, type FittedStep, ownScale } from './frame.ts';
import { asking } from './frame-facts.ts';
import { murmur3 } from './murmur3.ts';
import type { Step } from './step.ts';

export interface HashingOptions {
  /** How many columns the labels become: 256 unless said; more of them, fewer labels that share one. */
  readonly size?: number | undefined;
  /** Half of the labels count −1, so that those that share a column do not add up; true unless said. */
  readonly signed?: boolean | undefined;
  /** All label columns unless listed. */
  readonly columns?: readonly string[] | undefined;
}

const spec = {
  size: wholeNumber(2, 256, 2 ** 20),
  signed: boolean(true),
  columns: columnNames,
} satisfies Spec<HashingOptions>;

interface State {
  readonly size: number;
  readonly signed: boolean;
  readonly columns: readonly string[];
}

/**
 * Puts all labels of label columns into `size` columns together, by a hash of `column=label` (Weinberger et
 * al., 2009): for columns of very many labels, and for labels that training did not see. The hash is
 * MurmurHash3 with seed 0, as in scikit-learn's FeatureHasher, the same everywhere. A hole counts nowhere.
 *
 * @example
 * prepare([hashing({ size: 64, columns: ['city'] }), standardize()])
 */
export function hashing(options: HashingOptions = {}): Step {
  const { size, signed, columns } = settle('hashing', options, spec);
  return asking('hashing', function* (facts) {
    const labels = facts.columns.filter(({ kind }) => kind === 'label').map(({ name }) => name);
    for (const name of columns ?? []) if (!labels.includes(name)) throw noLabels(name);
    return yield* got(hashingStep({ size, signed, columns: columns ?? labels }));
  });
}

export function loadHashing(state: unknown): FittedStep {
  const { size, signed, columns } = record(state, 'hashing');
  if (!Number.isSafeInteger(size) || Number(size) < 2 || Number(size) > 2 ** 20) {
    throw wrong('hashing.size', 'a whole number from 2 to 2^20', size);
  }
  if (typeof signed !== 'boolean') throw wrong('hashing.signed', 'true or false', signed);
  return hashingStep({ size: Number(size), signed, columns: texts(columns, 'hashing.columns') });
}

function hashingStep(state: State): FittedStep {
  const { size, signed, columns } = state;
  const names = Array.from({ length: size }, (_, k) => `hash${k}`);
  return {
    step: 'hashing',
    state,
    apply(frame) {
      const byName = columnsByName(frame);
      const values = names.map(() => new Float64Array(frame.rows));
      for (const name of columns) {
        const column = byName.get(name);
        if (column?.kind !== 'label') throw noLabels(name);
        const places = column.levels.map((level) => placeOf(`${name}=${level}`, size));
        column.codes.forEach((code, i) => {
          if (code < 0) return;
          const { place, sign } = places[code];
          values[place][i] += signed ? sign : 1;
        });
      }
      const made = names.map((name, k) => ({ kind: 'number' as const, name, values: values[k] }));
      const others = frame.columns.filter(({ name }) => !columns.includes(name));
      return { ...frame, columns: [...others, ...made] };
    },
    rescale: (scales) => [
      ...scales.filter(({ name }) => !columns.includes(name)),
      ...names.map(ownScale),
    ],
  };
}

/** The column of a text and its sign, as FeatureHasher has them. */
function placeOf(text: string, size: number): { readonly place: number; readonly sign: 1 | -1 } {
  const hash = murmur3(text) | 0;
  // |−2³¹| is no number of 32 bits.
  const place = hash === -(2 ** 31) ? (2 ** 31 - size) % size : Math.abs(hash) % size;
  return { place, sign: hash < 0 ? -1 : 1 };
}

function noLabels(name: string): TypeError {
  return new TypeError(
    `hashing: there is no label column ${quoted(name)} among the features; give it as a feature, or declare it category()`,
  );
}
