import type { FittedPreparation } from '@steepest/datasets';
import type { Params } from '../families/batch.ts';

/** One linear predictor: intercept + Σ values[j] · column names[j]. */
export interface Coefficients {
  /** The class it speaks for; undefined where a model has one predictor only. */
  readonly output: string | undefined;
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly intercept: number;
  /** Whether the columns are the raw ones, or the prepared ones where no raw form exists. */
  readonly scale: 'raw' | 'prepared';
}

/** The parameters as coefficients, in the units of the raw columns where the steps allow it. */
export function coefficientsOf(
  params: Params,
  names: readonly string[],
  outputs: readonly (string | undefined)[],
  preparation: FittedPreparation | undefined,
): Coefficients[] {
  const { w, b } = params;
  return outputs.map((output, k) => {
    const values = Array.from({ length: w.rows }, (_, j) => w.data[j * w.columns + k]);
    const intercept = typeof b === 'number' ? b : b.data[k];
    const raw = preparation && inRawUnits(preparation, values, intercept);
    if (raw === undefined) {
      const scale = preparation === undefined ? 'raw' : 'prepared';
      return { output, names, values, intercept, scale };
    }
    return { output, ...raw, scale: 'raw' };
  });
}

function inRawUnits(
  preparation: FittedPreparation,
  values: readonly number[],
  intercept: number,
): Pick<Coefficients, 'names' | 'values' | 'intercept'> | undefined {
  try {
    const raw = preparation.toRawScale(values, intercept);
    return { names: raw.names, values: [...raw.coefficients], intercept: raw.intercept };
  } catch (error) {
    // Steps such as polynomial() have no form in raw units, and say so by a TypeError.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
