import { CsvError } from '../error.ts';
import { unknownColumn } from '../nearest.ts';
import type { TableOptions } from '../reading/options.ts';
import { undeclared } from '../reading/resolve-schema.ts';
import { type Collecting, TableBuilder } from '../reading/table-builder.ts';
import { expectSchema } from '../schema/expect-schema.ts';
import type { Columns } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import type { RowHandler } from './row-handler.ts';
import { typedTaker } from './typed-taker.ts';

interface Form {
  readonly unit: 'line' | 'row';
  /** Whether a row may leave out a column that it has no cell for. */
  readonly isLoose: boolean;
}

/** Rows of typed cells in, a table out. */
export class TypedTable<C extends Columns> implements RowHandler {
  readonly refusesNested = true;
  readonly #options: TableOptions<C> & { readonly operation: string };
  readonly #form: Form;
  #table: TableBuilder<C, unknown> | undefined;
  #names: readonly string[] = [];
  /** By column: whether any row had a cell for it. */
  #met: boolean[] = [];
  #isFull = false;
  #bytes = 0;

  constructor(options: TableOptions<C> & { readonly operation: string }, form: Form) {
    this.#options = options;
    this.#form = form;
  }

  names(found: readonly string[], at: number): readonly string[] {
    const { schema: given, operation, file } = this.#options;
    const { unit, isLoose } = this.#form;
    const schema = typeof given === 'function' ? given(found) : given;
    if (schema !== undefined) expectSchema(operation, schema);
    const present = new Set(found);
    const declared = schema?.columns.map(({ name }) => name) ?? this.#options.columns ?? [];
    const absent = isLoose ? declared.filter((name) => !present.has(name)) : [];
    const names = [...found, ...absent];
    if (isLoose && schema !== undefined && schema.others !== 'ignore') {
      const extra = found.find((name) => !declared.includes(name));
      if (extra !== undefined) throw undeclared(extra, { operation, file, [unit]: at }, absent);
    }
    const options = schema === undefined ? this.#options : { ...this.#options, schema };
    const how: Collecting<unknown> = { taker: typedTaker, unit };
    this.#table = new TableBuilder(options, how);
    this.#table.begin(names);
    this.#names = names;
    this.#met = names.map(() => false);
    return names;
  }

  wants(name: string): boolean {
    return this.#table?.columns.some((column) => column.name === name) === true;
  }

  another(name: string, at: number): boolean {
    const { schema, columns, operation, file } = this.#options;
    const others = typeof schema === 'object' ? schema.others : undefined;
    if (others === 'ignore' || (schema === undefined && columns !== undefined)) return false;
    const place = { operation, file, [this.#form.unit]: at };
    if (schema !== undefined) throw undeclared(name, place, this.#names);
    throw new CsvError({
      ...place,
      reason: 'unknown-column',
      column: name,
      problem: `the first row has no such column`,
      advice: "give a schema, the columns to read, or schema: 'infer'",
    });
  }

  row(values: readonly unknown[], at: number): boolean {
    const table = this.#table!;
    table.at = () => at;
    for (let i = 0; i < this.#met.length; i++) this.#met[i] ||= values[i] !== undefined;
    table.take(values);
    this.#isFull = table.rows === this.#options.limit;
    return !this.#isFull;
  }

  /** Tells how far reading has come, after so many more bytes; throws if it is to end. */
  tick(bytes: number): void {
    this.#bytes += bytes;
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.({ rows: this.#table?.rows ?? 0, bytes: this.#bytes });
  }

  end(warnings: readonly Warning[]): Table<C> {
    const { operation, file } = this.#options;
    const table = this.#table;
    if (table === undefined || table.rows + table.dropped === 0) {
      const nothing = { problem: 'there is no row', advice: 'add data' } as const;
      throw new CsvError({ operation, file, reason: 'no-data-rows', ...nothing });
    }
    // A column that no row has is a name that was misspelt, not a column of holes.
    const met = this.#names.filter((_, i) => this.#met[i]);
    const never = table.columns.find(({ index }) => !this.#met[index]);
    if (never !== undefined && !this.#isFull) {
      throw unknownColumn(operation, never.name, met, { file });
    }
    return table.end(warnings);
  }
}
