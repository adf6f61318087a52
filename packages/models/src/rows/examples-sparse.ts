import { SparseMatrix } from '@steepest/compile';
import { type FittedPreparation, select, type Table } from '@steepest/datasets';
import type { BatchSource } from '@steepest/optim';
import { imbalance } from '../checks/column-warnings.ts';
import { constantWarnings, designWarnings, rowWarnings, tooFew } from '../checks/design-checks.ts';
import { type NamedColumn, separatingColumn } from '../checks/separating-column.ts';
import { targetWarnings } from '../checks/target-checks.ts';
import type { Separation, Warning } from '../checks/warning.ts';
import type { Batch } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import { batches } from '../fit/batches.ts';
import { numbersOf } from '../fit/columns.ts';
import { fromTable, outcomeIn, type Reading, type TrainingSet } from '../fit/training-set.ts';
import { meanOne, withMeanWeightOne } from '../fit/weights.ts';
import { type Metrics, measure } from '../metrics/measure.ts';
import type { Outcome } from '../solve/blocks.ts';
import type { Affine } from '../solve/row-sums.ts';
import type { RowExamples } from './rows.ts';
import { SparseSums } from './sparse-sums.ts';

/** Entries of a dense matrix that is always made: 32 MB of them. */
const always = 2 ** 22;
/** The share of entries that may be other than 0 in a matrix that is kept sparse. */
const mostFull = 0.1;

/** Whether a table's prepared columns are kept without their zeros: dense, they were large and nearly all 0. */
export function keptSparse(table: Table, preparation: FittedPreparation): boolean {
  if (table.rows * preparation.names.length <= always) return false;
  return preparation.share(select(table, preparation.features)) <= mostFull;
}

/** The prepared columns of a table without their zeros. */
export function sparseOf(table: Table, preparation: FittedPreparation): SparseMatrix {
  const { rows, columns, values, columnsOf, starts } = preparation.applySparse(
    select(table, preparation.features),
  );
  return new SparseMatrix(rows, columns, values, columnsOf, starts);
}

/** Examples in memory of which most prepared entries are 0: memory and time are by the others. */
export class ExamplesSparse extends SparseSums implements RowExamples {
  readonly #problem: Problem;
  readonly #table: Table;
  readonly #reading: Reading;
  readonly #x: SparseMatrix;
  readonly #outcome: Outcome;

  static of(problem: Problem, table: Table, reading: Reading): ExamplesSparse {
    const { y, weights, offset, counted } = outcomeIn(problem, table, reading);
    if (counted.rows === 0) throw new RangeError('fit: there are no rows to learn from');
    const x = sparseOf(counted, reading.preparation!);
    const outcome = {
      y,
      ...(weights && { weights: meanOne(weights) }),
      ...(offset && { offset }),
    };
    return new ExamplesSparse(problem, counted, reading, x, outcome);
  }

  constructor(problem: Problem, table: Table, reading: Reading, x: SparseMatrix, outcome: Outcome) {
    super(problem, x, outcome);
    this.#problem = problem;
    this.#table = table;
    this.#reading = reading;
    this.#x = x;
    this.#outcome = outcome;
  }

  /** The same rows with their zeros. */
  dense(): TrainingSet {
    const set = fromTable(this.#problem, this.#table, this.#reading);
    return { ...set, batch: withMeanWeightOne(set.batch) };
  }

  target(): Warning[] {
    return targetWarnings(this.#problem, this.#outcome.y.data, this.#reading.target);
  }

  /** What the moments tell; dependent columns are looked for where the dense matrix is small, otherwise complete one-hot columns alone. */
  design(): Warning[] {
    const { intercept } = this.#problem;
    const { names } = this.#reading.preparation!;
    const { rows, columns } = this;
    if (this.#isSmall) {
      return designWarnings({ data: this.dense().batch.x.data, rows, columns, names }, intercept);
    }
    const few = rowWarnings(rows, columns + (intercept ? 1 : 0));
    const constant = intercept ? constantColumns(this.#x).map((j) => names[j]) : [];
    const warnings = [...few, ...constantWarnings(constant)];
    if (tooFew(few)) return warnings;
    return [...warnings, ...this.#complete().slice(intercept ? 0 : 1)];
  }

  /** A warning for each label column whose one-hot columns leave no level out: they add up to 1. */
  #complete(): Warning[] {
    const { features, names } = this.#reading.preparation!;
    const { values, columnsOf, rows } = this.#x;
    const labels = features.filter((name) => this.#table.columns.get(name)?.type === 'category');
    return labels.flatMap((label): Warning[] => {
      const isOf = names.map((name) => name.startsWith(`${label}=`));
      let ones = 0;
      for (let k = 0; k < values.length; k++) if (isOf[columnsOf[k]] && values[k] === 1) ones++;
      if (ones < rows) return [];
      return [
        {
          kind: 'rank-deficient',
          message: `the columns of "${label}" add up to 1 in every row: leave one of them out, oneHot({ dropFirst: true })`,
          columns: names.filter((_, j) => isOf[j]),
        },
      ];
    });
  }

  imbalance(labels: readonly string[]): Warning[] {
    return imbalance(this.#outcome.y.data, labels);
  }

  async metrics(at: Affine, labels: readonly string[]): Promise<Metrics> {
    return measure(this.#problem, this.means(at), this.#outcome.y, labels);
  }

  separation(): Separation {
    const { family, intercept } = this.#problem;
    if (family.separable === undefined) return 'none';
    if (!this.#isSmall) return 'not checked';
    return family.separable.find(this.dense().batch.x, this.#outcome.y.data, { intercept });
  }

  alone(labels: readonly string[]): ReturnType<typeof separatingColumn> {
    const table = this.#table;
    const columns = this.#reading
      .preparation!.features.filter((name) => table.columns.get(name)?.type === 'number')
      .map((name): NamedColumn => ({ name, values: numbersOf(table, name) }));
    return separatingColumn(columns, this.#outcome.y.data, labels);
  }

  batches(size: number): BatchSource<Batch> {
    return batches(this.dense(), size);
  }

  get #isSmall(): boolean {
    return this.rows * this.columns <= always;
  }
}

/** Columns of one value. */
function constantColumns({ rows, columns, values, columnsOf }: SparseMatrix): number[] {
  const count = new Float64Array(columns);
  const first = new Float64Array(columns);
  const varies = new Uint8Array(columns);
  values.forEach((value, k) => {
    const j = columnsOf[k];
    if (count[j]++ === 0) first[j] = value;
    else if (value !== first[j]) varies[j] = 1;
  });
  return [...count.keys()].filter((j) => varies[j] === 0 && (count[j] === 0 || count[j] === rows));
}
