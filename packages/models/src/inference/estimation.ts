import { FlatMatrix, item } from '@steepest/autodiff';
import type { FittedPreparation, Table } from '@steepest/datasets';
import { expectFitted } from '../expect.ts';
import { penalizes, penaltyText } from '../families/penalty.ts';
import type { Fitted } from '../fit/model.ts';
import {
  type Examples,
  fromExamples,
  isTable,
  type ReadRows,
  rowsOf,
} from '../fit/training-set.ts';
import { withMeanWeightOne } from '../fit/weights.ts';
import { type Maximum, maximum } from './maximum.ts';
import { freeOf, type Sample, sizeOf } from './sample.ts';

/** A fitted model with the rows that it was fitted to, at the maximum of their likelihood. */
export interface Estimation {
  readonly fitted: Fitted;
  readonly sample: Sample;
  readonly maximum: Maximum;
  readonly units: Units;
  /** Rows of the table that were left out while reading, for a missing cell or a weight of 0. */
  readonly leftOut: number;
}

/** How the coefficients of prepared columns become those that are reported: reported = change · [b, w]. */
export interface Units {
  /** '(intercept)' first, where there is one. */
  readonly names: readonly string[];
  readonly change: FlatMatrix;
  /** Whether a column of ones is among what can be told apart. */
  readonly intercept: boolean;
  /** Whether the columns are the raw ones, or the prepared ones where no raw form exists. */
  readonly scale: 'raw' | 'prepared';
}

/**
 * The model at the maximum of likelihood of its training rows, refined by Fisher scoring. Throws where
 * figures would mislead: after a penalty, after separation or a run that did not converge, for other rows.
 */
export function estimationOf(
  operation: string,
  fitted: Fitted,
  data: Table | Examples,
): Estimation {
  expectFitted(operation, fitted);
  const { problem, reading } = fitted;
  const read = isTable(data) ? rowsOf(problem, data, reading) : fromExamples(problem, data);
  refuse(operation, fitted, read);
  const sample = sampleOf(fitted, read);
  const found = maximum(operation, sample, startOf(fitted, sample));
  const given = isTable(data) ? data.rows + data.droppedRows : rowsIn(data);
  return {
    fitted,
    sample,
    maximum: found,
    units: unitsOf(operation, reading.preparation, fitted.names, problem.intercept),
    leftOut: given - sample.x.rows,
  };
}

function rowsIn({ y }: Examples): number {
  return 'rows' in y ? y.rows : (y.shape[0] ?? 1);
}

function sampleOf({ problem }: Fitted, { batch, analytic }: ReadRows): Sample {
  const weights = batch.weights?.data;
  return {
    family: problem.family,
    outputs: problem.outputs,
    x: batch.x,
    y: batch.y,
    intercept: problem.intercept,
    offset: batch.offset?.data,
    frequency: analytic ? undefined : weights,
    precision: analytic ? weights : undefined,
  };
}

/** The parameters, as coefficients of the free scores. */
function startOf({ params, problem }: Fitted, sample: Sample): Float64Array {
  const { w, b } = params;
  const [free, size, first] = [freeOf(sample), sizeOf(sample), problem.intercept ? 1 : 0];
  const theta = new Float64Array(free * size);
  const skip = problem.outputs - free;
  const intercept = (k: number) => (typeof b === 'number' ? b : b.data[k]);
  for (let f = 0; f < free; f++) {
    const k = f + skip;
    if (first === 1) theta[f * size] = intercept(k) - (skip === 1 ? intercept(0) : 0);
    for (let j = 0; j < w.rows; j++) {
      const reference = skip === 1 ? w.data[j * w.columns] : 0;
      theta[f * size + first + j] = w.data[j * w.columns + k] - reference;
    }
  }
  return theta;
}

function refuse(operation: string, fitted: Fitted, { batch }: ReadRows): void {
  const { problem, certificate, warnings } = fitted;
  const no = (why: string) => new RangeError(`${operation}: ${why}`);
  if (penalizes(problem.penalty)) {
    throw no(
      `the penalty ${penaltyText(problem.penalty).values.join(', ')} pulls the coefficients to 0, so that their errors are not those of the likelihood; fit without one`,
    );
  }
  if (fitted.reading.classWeights !== undefined) {
    throw no(
      'classes were weighted, so that rows do not count as often as they occurred and errors would mislead; fit without classWeights',
    );
  }
  if (warnings.some(({ kind }) => kind === 'separable')) {
    throw no('the classes are separable: there is no finite estimate, and no standard error');
  }
  if (warnings.some(({ kind }) => kind === 'class-without-rows')) {
    throw no('a class has no rows: there is no finite estimate for it; leave the class out');
  }
  if (!fitted.converged) throw no(`the fit did not converge (${fitted.ending}); train on`);
  const objective = item(problem.loss(fitted.params, withMeanWeightOne(batch)));
  if (
    !(Math.abs(objective - certificate.objective) <= 1e-9 * Math.abs(certificate.objective) + 1e-12)
  ) {
    throw no('these are not the rows that the model was fitted to: the objective differs');
  }
}

/** The units that coefficients are reported in, and the names there. */
function unitsOf(
  operation: string,
  preparation: FittedPreparation | undefined,
  prepared: readonly string[],
  intercept: boolean,
): Units {
  const first = intercept ? 1 : 0;
  const size = prepared.length + first;
  try {
    const columns = Array.from({ length: size }, (_, k) => {
      const w = Float64Array.from(prepared, (_, j) => (j + first === k ? 1 : 0));
      const b = intercept && k === 0 ? 1 : 0;
      return preparation?.toRawScale(w, b) ?? { names: prepared, coefficients: w, intercept: b };
    });
    const constant = intercept || columns.some((column) => column.intercept !== 0);
    const names = columns[0]?.names ?? prepared;
    if (names.length + (constant ? 1 : 0) > size) {
      throw new RangeError(
        `${operation}: shifted columns without an intercept have no raw form; do not standardize them`,
      );
    }
    const change = new FlatMatrix(size, size);
    columns.forEach((column, k) => {
      const entries = constant ? [column.intercept, ...column.coefficients] : column.coefficients;
      for (let j = 0; j < size; j++) change.data[j * size + k] = entries[j];
    });
    return {
      names: constant ? ['(intercept)', ...names] : names,
      change,
      intercept: constant,
      scale: 'raw',
    };
  } catch (error) {
    // Steps such as polynomial() have no form in raw units, and say so by a TypeError.
    if (!(error instanceof TypeError)) throw error;
    const change = new FlatMatrix(size, size);
    for (let j = 0; j < size; j++) change.data[j * size + j] = 1;
    return {
      names: intercept ? ['(intercept)', ...prepared] : prepared,
      change,
      intercept,
      scale: 'prepared',
    };
  }
}

/** change ⊗ I for the free scores, class by class: what takes all of theta to the reported units. */
export function reported({ sample, units }: Estimation, theta: ArrayLike<number>): Float64Array {
  const size = sizeOf(sample);
  const result = new Float64Array(theta.length);
  for (let from = 0; from < theta.length; from += size) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) {
        result[from + j] += units.change.data[j * size + k] * theta[from + k];
      }
    }
  }
  return result;
}

/** C M Cᵀ for a covariance M of all of theta. */
export function reportedCovariance(estimation: Estimation, m: Float64Array): Float64Array {
  const size = estimation.maximum.theta.length;
  const half = new Float64Array(size * size); // row i: C m_i
  for (let i = 0; i < size; i++) {
    half.set(reported(estimation, m.subarray(i * size, (i + 1) * size)), i * size);
  }
  const whole = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const column = Float64Array.from({ length: size }, (_, i) => half[i * size + j]);
    reported(estimation, column).forEach((value, i) => {
      whole[i * size + j] = value;
    });
  }
  return whole;
}
