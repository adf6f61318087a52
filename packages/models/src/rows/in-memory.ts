import {
  columnValues,
  type Preparation,
  type Table,
  type Train,
  takeRows,
} from '@steepest/datasets';
import type { BatchSource } from '@steepest/optim';
import { columnWarnings, countsRows, imbalance, orderWarnings } from '../checks/column-warnings.ts';
import { designWarnings } from '../checks/design-checks.ts';
import { separatingColumn } from '../checks/separating-column.ts';
import { targetWarnings } from '../checks/target-checks.ts';
import type { Separation, Warning } from '../checks/warning.ts';
import type { Batch } from '../families/batch.ts';
import { isSparse } from '../families/penalty.ts';
import { batches } from '../fit/batches.ts';
import { holesIn, numbersOf } from '../fit/columns.ts';
import { counted, fromTable, notFinite, type TrainingSet } from '../fit/training-set.ts';
import { withMeanWeightOne } from '../fit/weights.ts';
import { type Metrics, measure } from '../metrics/measure.ts';
import { blockOf } from '../solve/blocks.ts';
import type { Moments } from '../solve/moments.ts';
import type { Affine } from '../solve/row-sums.ts';
import { SumsInMemory } from '../solve/sums-in-memory.ts';
import { ExamplesSparse, keptSparse } from './examples-sparse.ts';
import type { RowExamples, Rows } from './rows.ts';
import { type Scratch, scratch } from './scratch.ts';

/** The rows of a table in memory, which answer at once. */
export function rowsInMemory(table: Table): Rows {
  const { schema, names, role, file, warnings, rows } = table;
  const type: Rows['type'] = (name) => table.columns.get(name)?.type;
  return {
    schema,
    names,
    role,
    file,
    warnings,
    rows,
    type,
    counted(weights) {
      const kept = counted(numbersOf(table, weights));
      return kept === undefined ? this : rowsInMemory(takeRows(table, kept));
    },
    fit: (preparation: Preparation) => preparation.fit(table as Train),
    column(name) {
      columnValues(table, name, 'fit');
      return table;
    },
    holes: (wanted) => wanted.map((name) => holesIn(columnValues(table, name, 'fit'))),
    notes: (features) => [
      ...orderWarnings(warnings),
      ...columnWarnings({ names, type }, features, (name) => {
        const column = table.columns.get(name);
        return column?.type === 'number' && countsRows(rows, () => [column.values]);
      }),
    ],
    // Features are written where compiled sums and steps read them, or kept without their zeros.
    examples(problem, reading) {
      const { preparation } = reading;
      const needsAll = isSparse(problem.penalty);
      if (!needsAll && preparation !== undefined && keptSparse(table, preparation)) {
        return ExamplesSparse.of(problem, table, reading);
      }
      const memory = scratch();
      const { allocate } = memory;
      return new ExamplesInMemory(fromTable(problem, table, reading, { allocate }), memory);
    },
  };
}

/** Examples in memory, which answer at once. */
export class ExamplesInMemory extends SumsInMemory implements RowExamples {
  readonly #set: TrainingSet;
  readonly #memory: Scratch | undefined;
  /** Functions of the caller's may have kept the batch of a run. */
  #shown = false;

  constructor(given: TrainingSet, memory?: Scratch) {
    refuseOddShapes(given);
    const set = { ...given, batch: withMeanWeightOne(given.batch) };
    super(set.problem, blockOf(set.batch));
    this.#set = set;
    this.#memory = memory;
  }

  /** With weights of mean 1; for runs. */
  get set(): TrainingSet {
    this.#shown = true;
    return this.#set;
  }

  override end(): void {
    super.end();
    if (!this.#shown) this.#memory?.end();
  }

  override moments(centred: boolean): Moments {
    const moments = super.moments(centred) as Moments; // all is at hand
    if (moments.finite) return moments;
    throw notFinite(this.#set.batch.x, this.#set.names);
  }

  target(): Warning[] {
    const { problem, batch, reading } = this.#set;
    return targetWarnings(problem, batch.y.data, reading.target);
  }

  design(): Warning[] {
    const { problem, batch, names } = this.#set;
    const { data, rows, columns } = batch.x;
    return designWarnings({ data, rows, columns, names }, problem.intercept);
  }

  imbalance(labels: readonly string[]): Warning[] {
    return imbalance(this.#set.batch.y.data, labels);
  }

  async metrics(at: Affine, labels: readonly string[]): Promise<Metrics> {
    return measure(this.#set.problem, await this.means(at), this.#set.batch.y, labels);
  }

  separation(): Separation {
    const { problem, batch } = this.#set;
    const { family, intercept } = problem;
    return family.separable?.find(batch.x, batch.y.data, { intercept }) ?? 'none';
  }

  alone(labels: readonly string[]): ReturnType<typeof separatingColumn> {
    return separatingColumn(this.#set.readable(), this.#set.batch.y.data, labels);
  }

  batches(size: number): BatchSource<Batch> {
    return batches(this.set, size);
  }
}

function refuseOddShapes({ batch: { x, y } }: TrainingSet): void {
  if (y.rows !== x.rows || y.columns !== 1) {
    throw new RangeError(
      `fit: y is ${y.rows}×${y.columns}, expected ${x.rows}×1, one per row of x`,
    );
  }
  if (x.rows === 0) throw new RangeError('fit: there are no rows to learn from');
}
