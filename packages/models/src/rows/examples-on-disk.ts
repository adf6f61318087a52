import { FlatMatrix } from '@steepest/autodiff';
import { allocate } from '@steepest/compile';
import { columnValues, type DiskTable, minibatches, type Table } from '@steepest/datasets';
import type { BatchSource } from '@steepest/optim';
import { imbalance } from '../checks/column-warnings.ts';
import { designOfBlocks } from '../checks/design-of-blocks.ts';
import { type NamedColumn, separatingColumn } from '../checks/separating-column.ts';
import { targetWarnings } from '../checks/target-checks.ts';
import type { Separation, Warning } from '../checks/warning.ts';
import type { Batch } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import { weightsOfRows } from '../fit/class-weights.ts';
import { numbersOf } from '../fit/columns.ts';
import { offsetOf, type Reading } from '../fit/training-set.ts';
import { meanOne } from '../fit/weights.ts';
import { type Metrics, measure } from '../metrics/measure.ts';
import { type Blocks, type Outcome, outcomeAt, type Placed } from '../solve/blocks.ts';
import type { Affine, Block } from '../solve/row-sums.ts';
import { samplePlaces } from '../solve/sample.ts';
import { BlockSums, type Sums } from '../solve/sums.ts';
import type { RowExamples } from './rows.ts';
import { wholeColumns } from './whole-columns.ts';

/** So many numbers of prepared columns are in memory at a time. */
const blockNumbers = 2 ** 19;
/** What a check that needs all rows at once may hold. */
const mostBytes = 64 * 2 ** 20;

/** What a model reads of a table on disk. */
interface OnDisk {
  readonly problem: Problem;
  readonly table: DiskTable;
  readonly reading: Reading;
  readonly outcome: Outcome;
  readonly features: Features;
}

/** Examples on disk: y, weights and offset are in memory, 8 bytes a row each; the columns pass by. */
export class ExamplesOnDisk extends BlockSums implements RowExamples {
  readonly #at: OnDisk;

  static async of(problem: Problem, table: DiskTable, reading: Reading): Promise<ExamplesOnDisk> {
    if (table.rows === 0) throw new RangeError('fit: there are no rows to learn from');
    const features = new Features(table, reading);
    return new ExamplesOnDisk({
      problem,
      table,
      reading,
      features,
      outcome: await outcomeOf(problem, table, reading),
    });
  }

  constructor(at: OnDisk) {
    // Blocks are too small for threads to pay.
    super(at.problem, at.features.blocks(at.outcome), at.outcome, blockNumbers);
    this.#at = at;
  }

  sample(count: number, scattered: boolean): Sums {
    const { problem, features, outcome, table } = this.#at;
    const known = samplePlaces(table.rows, count, scattered).map((rows) =>
      features.gathered(rows, outcome),
    );
    const blocks = { rows: count, columns: this.columns, known };
    return new BlockSums(problem, blocks, outcome, blockNumbers);
  }

  target(): Warning[] {
    const { problem, outcome, reading } = this.#at;
    return targetWarnings(problem, outcome.y.data, reading.target);
  }

  design(): ReturnType<typeof designOfBlocks> {
    const { problem, features, outcome } = this.#at;
    return designOfBlocks(features.blocks(outcome), {
      names: features.names,
      intercept: problem.intercept,
      some: (rows) => features.gathered(rows, outcome).x,
    });
  }

  imbalance(labels: readonly string[]): Warning[] {
    return imbalance(this.#at.outcome.y.data, labels);
  }

  async metrics(at: Affine, labels: readonly string[]): Promise<Metrics> {
    return measure(this.#at.problem, await this.means(at), this.#at.outcome.y, labels);
  }

  /** All rows where they fit; otherwise some, which are told apart by no hyperplane where all are not. */
  separation(): Separation {
    const { problem, features, outcome } = this.#at;
    const { family, intercept } = problem;
    if (family.separable === undefined) return 'none';
    const fitting = Math.floor(mostBytes / (8 * Math.max(1, this.columns)));
    const stride = Math.ceil(this.rows / fitting);
    const count = Math.ceil(this.rows / stride);
    const rows = Uint32Array.from({ length: count }, (_, i) => i * stride);
    const { x, y } = features.gathered(rows, outcome);
    const found = family.separable.find(x, y.data, { intercept });
    return stride === 1 || found === 'none' ? found : 'not checked';
  }

  alone(labels: readonly string[]): ReturnType<typeof separatingColumn> {
    const { table, features, outcome } = this.#at;
    const columns = features.raw.filter(
      (name) => table.slice(0, 0, [name]).columns.get(name)?.type === 'number',
    );
    const lazy = columns.map(
      (name): NamedColumn => ({
        name,
        get values() {
          return numbersOf(table.slice(0, table.rows, [name]), name);
        },
      }),
    );
    return separatingColumn(lazy, outcome.y.data, labels);
  }

  batches(size: number): BatchSource<Batch> {
    const { table, features, outcome } = this.#at;
    const source = minibatches(table, { size, preparation: features.preparation });
    return {
      batchesPerEpoch: source.batchesPerEpoch,
      rows: source.rows,
      *epoch(random) {
        for (const { x, indices } of source.epoch(random)) {
          yield { x, ...outcomeAt(outcome, indices) };
        }
      },
    };
  }
}

/** The prepared columns of a table on disk. */
class Features {
  readonly names: readonly string[];
  /** The raw columns that they are made of. */
  readonly raw: readonly string[];
  /** Without the target: its codes are the family's to say. */
  readonly preparation: NonNullable<Reading['preparation']>;
  readonly #table: DiskTable;
  #kept: Float64Array | undefined;

  constructor(table: DiskTable, { preparation }: Reading) {
    if (preparation === undefined) {
      throw new TypeError('this model was fitted to ready features; give it { x, y }, not a table');
    }
    this.#table = table;
    this.preparation = { ...preparation, target: undefined };
    this.names = preparation.names;
    this.raw = preparation.features;
  }

  /** All rows in the order of the file. */
  blocks(outcome: Outcome): Blocks {
    const columns = this.names.length;
    return { rows: this.#table.rows, columns, read: () => this.#read(outcome) };
  }

  /** In blocks of one height, whatever part of the file's rows these are: one program serves them all. */
  async *#read(outcome: Outcome): AsyncIterable<Placed> {
    const columns = this.names.length;
    const height = Math.max(256, Math.min(16_384, Math.floor(blockNumbers / Math.max(1, columns))));
    // One place for all blocks, where compiled sums read it, and room for the rows of one more.
    this.#kept ??= allocate(2 * height * columns);
    const kept = this.#kept;
    const places = new Int32Array(2 * height);
    let filled = 0;
    const block = (rows: number): Placed => {
      const at = places.slice(0, rows);
      const x = new FlatMatrix(rows, columns, kept.subarray(0, rows * columns));
      return { block: { x, ...outcomeAt(outcome, at) }, at };
    };
    for await (const scanned of this.#table.scan(height, this.raw)) {
      const { rows } = scanned.table;
      const number = (i: number): number => ('at' in scanned ? scanned.at[i] : scanned.from + i);
      const begin = filled * columns;
      this.#prepared(scanned.table, number, (length) => kept.subarray(begin, begin + length));
      for (let i = 0; i < rows; i++) places[filled + i] = number(i);
      filled += rows;
      if (filled < height) continue;
      yield block(height);
      kept.copyWithin(0, height * columns, filled * columns);
      places.copyWithin(0, height, filled);
      filled -= height;
    }
    if (filled > 0) yield block(filled);
  }

  /** Some rows. */
  gathered(rows: ArrayLike<number>, outcome: Outcome): Block {
    const x = this.#prepared(this.#table.gather(rows, this.raw), (i) => rows[i], allocate);
    return { x, ...outcomeAt(outcome, rows) };
  }

  #prepared(
    table: Table,
    rowNumber: (i: number) => number,
    into: (length: number) => Float64Array,
  ): FlatMatrix {
    const { data, rows, columns } = this.preparation.apply(table, { allocate: into, rowNumber });
    return new FlatMatrix(rows, columns, data);
  }
}

/** What happened in each row, in the order of the table; weights of mean 1. */
async function outcomeOf(
  { family }: Problem,
  table: DiskTable,
  reading: Reading,
): Promise<Outcome> {
  const { target, classes = [], weights, analyticWeights, offset, exposure } = reading;
  const counts = weights ?? analyticWeights;
  const wanted = [target, counts, offset, exposure].filter((name) => name !== undefined);
  for (const name of wanted) columnValues(table.slice(0, 0), name, 'fit'); // which says what is there
  const columns = await wholeColumns(table, [...new Set(wanted)]);
  const { rows } = table;
  const y = new FlatMatrix(rows, 1, family.target.codes(columns, target, classes));
  const given = weightsOfRows(y, columns, counts, reading.classWeights);
  const added = offsetOf(columns, reading);
  return {
    y,
    ...(given && { weights: meanOne(given) }),
    ...(added && { offset: added }),
  };
}
