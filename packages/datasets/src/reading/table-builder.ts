import { type CellContext, type Cells, DROPPED, type Fate, REFUSED } from '../csv/cells.ts';
import { cellsFor } from '../csv/cells-for.ts';
import { CsvError, type Fault } from '../error.ts';
import type { MissingPolicy } from '../schema/column.ts';
import type { Columns, NamedColumn, Schema } from '../schema/schema.ts';
import { printed } from '../table/printed.ts';
import type { Table, Values } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import { checkPolicy } from './check-options.ts';
import { Notes } from './notes.ts';
import type { TableOptions } from './options.ts';
import { resolveSchema } from './resolve-schema.ts';

/** Takes the cells of one column as a format has them, and says why it refused one. */
export interface Taker<V> {
  put(row: number, value: V): Fate;
  explain(value: V): Pick<Fault, 'reason' | 'problem' | 'advice' | 'raw'>;
}

/** A column that is read. */
export interface ReadColumn<V> {
  readonly name: string;
  readonly column: NamedColumn;
  /** Its place among the columns of the file. */
  readonly index: number;
  readonly cells: Cells;
  readonly taker: Taker<V>;
  readonly policy: MissingPolicy;
  /** How many rows this column's missing cells dropped. */
  drops: number;
}

/** How a format's cells are collected. */
export interface Collecting<V> {
  /** Makes the collector of a column; cellsFor unless something else is to be known. */
  readonly collect?: ((context: CellContext) => Cells) | undefined;
  readonly taker: (cells: Cells, column: NamedColumn, policy: MissingPolicy) => Taker<V>;
  readonly comma?: boolean;
  /** What counts the rows of the file in messages: its lines, or the rows themselves. */
  readonly unit?: 'line' | 'row';
}

/** Names of columns, then rows of cells in, a table out: the schema checks each cell on its way. */
export class TableBuilder<C extends Columns, V> {
  /** Stored rows, and rows left out for a missing cell. */
  rows = 0;
  dropped = 0;
  /** The line, or the row of the file, that is being read. */
  at: () => number = () => 1;
  readonly notes: Notes = new Notes();
  #columns: readonly ReadColumn<V>[] = [];
  #schema: Schema | undefined;
  readonly #options: TableOptions<C> & { readonly operation: string };
  readonly #how: Collecting<V>;

  constructor(options: TableOptions<C> & { readonly operation: string }, how: Collecting<V>) {
    this.#options = options;
    this.#how = how;
  }

  get columns(): readonly ReadColumn<V>[] {
    return this.#columns;
  }

  /** The file's columns, as the schema orders and judges them. */
  begin(names: readonly string[]): void {
    const { operation, file } = this.#options;
    const { unit = 'line', comma = false, collect = cellsFor, taker } = this.#how;
    const place = { operation, file, ...(unit === 'line' ? { line: 1 } : {}) };
    this.#schema = resolveSchema(names, this.#options, place);
    const index = new Map(names.map((name, i) => [name, i]));
    this.#columns = this.#schema.columns
      .filter((column) => column.type !== 'ignored')
      .map((column) => {
        checkPolicy(operation, column);
        const { name } = column;
        const policy = column.missing?.policy ?? 'error';
        const line = () => this.at();
        const note: CellContext['note'] = (kind, raw) => this.notes.add(kind, name, raw, line());
        const cells = collect({ column, policy, comma, note, line });
        const taken = taker(cells, column, policy);
        return { name, column, index: index.get(name)!, cells, taker: taken, policy, drops: 0 };
      });
  }

  /** Takes the row that `at` tells the place of: a cell for each column of the file. */
  take(values: readonly V[]): void {
    let drop = false;
    for (const column of this.#columns) {
      const value = values[column.index];
      const fate = column.taker.put(this.rows, value);
      if (fate === REFUSED) throw this.#refused(column, value);
      if (fate === DROPPED) {
        column.drops++;
        drop = true;
      }
    }
    if (drop) this.dropped++;
    else this.rows++;
  }

  #refused({ name, taker }: ReadColumn<V>, value: V): CsvError {
    const { operation, file } = this.#options;
    const place = { [this.#how.unit ?? 'line']: this.at() };
    return new CsvError({ operation, file, ...place, column: name, ...taker.explain(value) });
  }

  /** The table of the rows so far, with what else is to be told about the file. */
  end(warnings: readonly Warning[]): Table<C> {
    const { operation, file } = this.#options;
    const columns = new Map<string, Values>();
    for (const { name, cells, policy, drops } of this.#columns) {
      const values = cells.finish(this.rows);
      const empty =
        policy === 'drop' ? drops === this.dropped && this.rows === 0 : isHollow(values);
      if (empty && policy !== 'keep') {
        throw new CsvError({
          operation,
          file,
          column: name,
          reason: 'all-missing-column',
          problem: 'no cell of the column has a value',
          advice: 'leave it out: declare it ignored(), or read the other columns only',
        });
      }
      const { filled } = cells;
      if (policy === 'mean' && filled !== undefined && filled.count > 0) {
        this.notes.addFilling(name, filled.count, this.rows, filled.value);
      }
      columns.set(name, values);
    }
    if (this.rows === 0) {
      throw new CsvError({
        operation,
        file,
        reason: 'no-data-rows',
        problem: `all ${this.dropped} rows were dropped for missing values`,
        advice: 'choose another policy',
      });
    }
    return printed({
      schema: this.#schema as Schema<C>,
      rows: this.rows,
      names: [...columns.keys()],
      columns,
      droppedRows: this.dropped,
      warnings: [...warnings, ...this.notes.warnings],
      ...(file === undefined ? {} : { file }),
    });
  }
}

/** Whether a number column has nothing but holes: then there is no mean to fill them with. */
function isHollow(values: Values): boolean {
  return values.type === 'number' && values.values.length > 0 && values.values.every(Number.isNaN);
}
