import { oneOf, type Spec, settle } from '@steepest/ground';
import type { Document } from '../document/document.ts';
import { six, threePlaces } from '../document/numbers.ts';
import { type Printed, printed } from '../document/printed.ts';
import { linear } from '../families/linear.ts';
import type { Fitted } from '../fit/model.ts';
import { estimationOf, reportedCovariance } from './estimation.ts';
import { type FittedRows, inMemory } from './in-memory.ts';
import { maximum } from './maximum.ts';
import { type Sample, sizeOf } from './sample.ts';
import { termsOf } from './terms.ts';

export interface InflationOptions {
  /**
   * Of the estimates' covariance, as R's car::vif: for other than least squares that depends on the
   * weights of the maximum. Or of the columns alone, 1/(1 − R²) of each on the others.
   */
  readonly of?: 'estimates' | 'columns';
}

const spec = { of: oneOf(['estimates', 'columns'], 'estimates') } satisfies Spec<InflationOptions>;

/** How much larger a column's variance is than if the others told nothing of it. */
export interface Inflation {
  readonly column: string;
  /** Of a column of labels, or of several parts, that of all its coefficients together (generalized). */
  readonly factor: number;
  /** How many coefficients it has. */
  readonly coefficients: number;
  /** factor^(1/(2 coefficients)): how much longer an interval is, the same for any number of them. */
  readonly perCoefficient: number;
}

export interface Inflations extends Printed {
  readonly of: 'estimates' | 'columns';
  readonly columns: readonly Inflation[];
}

/**
 * Variance inflation factors, generalized for columns of several coefficients: det R₁ det R₂ / det R of the
 * estimates' correlations (Fox and Monette 1992). Throws without an intercept, for softmax regression, and
 * as `summary` does.
 *
 * ```ts
 * console.log(String(varianceInflation(fitted, train)));
 * ```
 */
export function varianceInflation(
  fitted: Fitted,
  rows: FittedRows,
  options: InflationOptions = {},
): Inflations {
  const operation = 'varianceInflation';
  const { of } = settle(operation, options, spec);
  const estimation = estimationOf(operation, fitted, inMemory(operation, rows));
  const { sample, units, maximum: found } = estimation;
  if (sample.family.perClass) {
    throw new TypeError(`${operation}: of one score, ${sample.family.name} has several`);
  }
  if (!units.intercept) {
    throw new RangeError(
      `${operation}: without an intercept a column's variance about its mean is not what is inflated; fit with one`,
    );
  }
  const inverse = of === 'estimates' ? found.inverse : ofColumns(operation, sample, found.theta);
  const covariance = reportedCovariance(estimation, inverse);
  const size = sizeOf(sample);
  const correlation = (i: number, j: number) =>
    covariance[i * size + j] / Math.sqrt(covariance[i * size + i] * covariance[j * size + j]);
  const terms = termsOf(estimation);
  const all = terms.flatMap(({ places }) => places);
  const determinant = (places: readonly number[]) => logDeterminant(places, correlation);
  const whole = determinant(all);
  return printed(
    {
      of,
      columns: terms.map(({ column, places }) => {
        const others = all.filter((at) => !places.includes(at));
        const factor = Math.exp(determinant(places) + determinant(others) - whole);
        const coefficients = places.length;
        return { column, factor, coefficients, perCoefficient: factor ** (1 / (2 * coefficients)) };
      }),
    },
    documentOf,
  );
}

/** The inverse of the columns' products: those of least squares, whatever the family. */
function ofColumns(operation: string, sample: Sample, theta: Float64Array): Float64Array {
  const columns: Sample = {
    ...sample,
    family: linear,
    offset: undefined,
    precision: sample.family.quadratic ? sample.precision : undefined,
  };
  return maximum(operation, columns, theta).inverse;
}

/** Of a correlation matrix, by Cholesky's factor. */
function logDeterminant(
  places: readonly number[],
  correlation: (i: number, j: number) => number,
): number {
  const l: number[][] = [];
  let sum = 0;
  for (const [i, at] of places.entries()) {
    l.push([]);
    for (let j = 0; j <= i; j++) {
      let rest = correlation(at, places[j]);
      for (let k = 0; k < j; k++) rest -= l[i][k] * l[j][k];
      l[i].push(i === j ? Math.sqrt(rest) : rest / l[j][j]);
    }
    sum += 2 * Math.log(l[i][i]);
  }
  return sum;
}

function documentOf({ of, columns }: Omit<Inflations, keyof Printed>): Document {
  const several = columns.some(({ coefficients }) => coefficients > 1);
  return {
    title: 'Variance inflation',
    parts: [
      {
        kind: 'grid',
        header: ['', 'factor', ...(several ? ['coefficients', 'factor^(1/(2k))'] : [])],
        rows: columns.map(({ column, factor, coefficients, perCoefficient }) => [
          column,
          threePlaces(factor),
          ...(several ? [six(coefficients), threePlaces(perCoefficient)] : []),
        ]),
      },
      {
        kind: 'notes',
        lines: [of === 'estimates' ? "By the estimates' covariance." : 'By the columns alone.'],
      },
    ],
  };
}
