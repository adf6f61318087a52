import type { Features } from '@steepest/datasets';
import { constantColumns } from '@steepest/datasets';
import { argument, boolean, option, required } from '@steepest/ground';
import { type PivotedQr, pivotedQr } from '@steepest/optim/linear-algebra';
import { scaleColumns } from '../exact/design.ts';
import { quotedList, type Warning } from './warning.ts';

const designOption = option<Columns>({
  expected: 'features { data, rows, columns, names }',
  accepts: (x) => {
    const { data, rows, columns, names } = (x ?? {}) as Partial<Columns>;
    const sizes = [data?.length, rows, columns, names?.length];
    return sizes.every(Number.isSafeInteger) && names?.length === columns && Array.isArray(names);
  },
});

/** What `designWarnings` looks at. */
export type Columns = Pick<Features, 'data' | 'rows' | 'columns' | 'names'>;

/** A column below this share of its length, once the others are taken out, depends on them. */
export const tolerance = 1e-11;

/**
 * What keeps a model without a penalty from having one solution, or a meaning: no more rows than
 * parameters, constant columns, columns that are combinations of others (found by QR with column pivoting).
 *
 * ```ts
 * designWarnings(features, true).map((warning) => warning.kind); // ['rank-deficient']
 * ```
 */
export function designWarnings(features: Columns, intercept: boolean): Warning[] {
  argument('designWarnings', 'features', features, required(designOption));
  argument('designWarnings', 'intercept', intercept, required(boolean()));
  const { rows, columns } = features;
  const warnings = rowWarnings(rows, columns + (intercept ? 1 : 0));
  const constant = intercept ? constantColumns(features as Features) : [];
  warnings.push(...constantWarnings(constant));
  // With too few rows every further column is a combination of others: that is no news.
  if (tooFew(warnings)) return warnings;
  return [...warnings, ...collinear(features, intercept, constant)];
}

/** Fewer rows than parameters, or as many. */
export function rowWarnings(count: number, parameters: number): Warning[] {
  if (count < parameters) {
    const rows = `${count} ${count === 1 ? 'row' : 'rows'}`;
    return [{ kind: 'too-few-rows', message: `${rows} cannot determine ${parameters} parameters` }];
  }
  if (count > parameters) return [];
  return [
    {
      kind: 'exact-fit',
      message: `${parameters} rows for ${parameters} parameters: a fit that goes through every row says nothing about others`,
    },
  ];
}

export function tooFew(warnings: readonly Warning[]): boolean {
  return warnings.some(({ kind }) => kind === 'too-few-rows');
}

/** Columns of one value, beside an intercept. */
export function constantWarnings(constant: readonly string[]): Warning[] {
  if (constant.length === 0) return [];
  return [
    {
      kind: 'constant-column',
      message: `one value only in ${quotedList(constant)}: it cannot be told from the intercept`,
      columns: constant,
    },
  ];
}

/** Rows enough to tell columns apart that are clearly independent. */
export function fewRows(columns: number): number {
  return Math.max(1000, 20 * columns);
}

/** Whether the factors of some of the rows show that all columns are independent. */
export function clearlyTold({ diagonal, columns }: PivotedQr): boolean {
  return Math.abs(diagonal[columns - 1]) > 1e-7 * Math.abs(diagonal[0]);
}

/** One warning for each column that the factors of all rows show to be a combination of others. */
export function dependentColumns(
  qr: PivotedQr,
  kept: readonly string[],
  intercept: boolean,
): Warning[] {
  const dependent: Warning[] = [];
  for (let k = qr.rank; k < qr.columns; k++) {
    const column = kept[qr.pivots[k]];
    const others = combination(qr, k).map((j) => kept[j]);
    dependent.push({
      kind: 'rank-deficient',
      message: sentence(column, others, intercept),
      columns: [column, ...others],
    });
  }
  return dependent;
}

/** One warning for each column that is a combination of others. */
function collinear(features: Columns, intercept: boolean, left: readonly string[]): Warning[] {
  const { rows, columns, names } = features;
  const kept = names.map((_, j) => j).filter((j) => !left.includes(names[j]));
  // Columns that are clearly independent in some of the rows are so in all.
  const few = fewRows(columns);
  if (rows > 2 * few) {
    if (clearlyTold(factored(features, kept, intercept, Math.floor(rows / few)))) return [];
  }
  if (clearlyIndependent(features, kept, intercept)) return [];
  const qr = factored(features, kept, intercept, 1);
  return dependentColumns(
    qr,
    kept.map((j) => names[j]),
    intercept,
  );
}

/**
 * Whether the columns' correlations alone tell them apart, by Cholesky's method: a tenth of a QR's cost,
 * and sure as long as no pivot is small.
 */
function clearlyIndependent(
  { data, rows, columns }: Columns,
  kept: readonly number[],
  intercept: boolean,
): boolean {
  const d = kept.length;
  const mean = new Float64Array(d);
  for (let i = 0; i < rows && intercept; i++) {
    for (let k = 0; k < d; k++) mean[k] += data[i * columns + kept[k]] / rows;
  }
  const gram = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < d; k++) row[k] = data[i * columns + kept[k]] - mean[k];
    for (let k = 0; k < d; k++) {
      const value = row[k];
      for (let j = 0, at = k * d; j <= k; j++) gram[at++] += value * row[j];
    }
  }
  const scale = Float64Array.from({ length: d }, (_, k) => 1 / Math.sqrt(gram[k * d + k]));
  for (let k = 0; k < d; k++) {
    for (let j = 0; j <= k; j++) {
      let sum = gram[k * d + j] * scale[k] * scale[j];
      for (let i = 0; i < j; i++) sum -= gram[k * d + i] * gram[j * d + i];
      if (j < k) gram[k * d + j] = sum / gram[j * d + j];
      else if (sum > 1e-7) gram[k * d + k] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** The QR factors of the kept columns in every `stride`-th row, centred and scaled. */
export function factored(
  { data, rows, columns }: Columns,
  kept: readonly number[],
  intercept: boolean,
  stride: number,
): PivotedQr {
  const count = Math.ceil(rows / stride);
  const matrix = {
    data: new Float64Array(count * kept.length),
    rows: count,
    columns: kept.length,
  };
  kept.forEach((j, k) => {
    let mean = 0;
    if (intercept) for (let i = 0; i < rows; i += stride) mean += data[i * columns + j] / count;
    for (let i = 0, to = k * count; i < rows; i += stride) {
      matrix.data[to++] = data[i * columns + j] - mean;
    }
  });
  scaleColumns(matrix);
  return pivotedQr(matrix, tolerance);
}

/** The independent columns that column k of A P needs: R₁₁ c = R₁₂ without the negligible c. */
function combination({ data, rows, diagonal, rank, pivots }: PivotedQr, k: number): number[] {
  const c = Float64Array.from({ length: rank }, (_, i) => data[k * rows + i]);
  for (let i = rank - 1; i >= 0; i--) {
    c[i] /= diagonal[i];
    for (let above = 0; above < i; above++) c[above] -= data[i * rows + above] * c[i];
  }
  const largest = c.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return [...c.keys()].filter((i) => Math.abs(c[i]) > 1e-6 * largest).map((i) => pivots[i]);
}

function sentence(column: string, others: readonly string[], intercept: boolean): string {
  if (others.length === 0) return `"${column}" holds zeros only`;
  const shift = intercept ? ' (and a constant)' : '';
  return others.length === 1
    ? `"${column}" is a multiple of "${others[0]}"${shift}: only one of them can have a coefficient`
    : `"${column}" is a combination of ${quotedList(others)}${shift}: leave one of them out`;
}
