import {
  CsvError,
  columnOf,
  type Facts,
  type FittedPreparation,
  type Learnable,
  type NamedColumn,
  type Preparation,
  type Schema,
  type Table,
  type Values,
} from '@steepest/datasets';
import { option, refusal, required, type Spec, settle, text, wholeNumber } from '@steepest/ground';
import type { Problem, Warning } from '@steepest/models';
import { columnWarnings, type Reading, type RowExamples, type Rows } from '@steepest/models/rows';
import type { Database } from '../connections/connection.ts';
import { Expressions } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';
import { SqlExamples } from '../fit/examples.ts';
import { frameOf, type Known } from '../fit/reading.ts';
import { refuseFaults, sumsOf } from '../prepared/answers.ts';
import { groups, SqlFacts } from '../prepared/facts.ts';
import { type SqlRowsOptions, SqlSource } from './source.ts';

const rowsSpec = {
  from: required(
    option<SqlRowsOptions['from']>({
      expected: "a table's name, a list of its parts, or { query: 'SELECT …' }",
      accepts: (x) =>
        (typeof x === 'string' && x !== '') ||
        (Array.isArray(x) && x.length > 0 && x.every((part) => typeof part === 'string')) ||
        typeof (x as { query?: unknown } | null)?.query === 'string',
      sample: "'events'",
    }),
  ),
  where: text(),
  schema: option<Schema>({
    expected: 'a schema',
    accepts: (x) => Array.isArray((x as Schema | null)?.columns),
    sample: 'defineSchema({ x: number() })',
  }),
  count: wholeNumber(2),
} satisfies Spec<SqlRowsOptions>;

/**
 * Rows of a table in a database, or of one table in each of several: they stay where they are, and
 * sums over them come back. Nothing is asked before something is computed. Throws a TypeError where an
 * option is none, or where databases of several kinds are mixed.
 *
 * ```ts
 * const rows = sqlRows(postgres(client), { from: 'events', where: "day < '2026-11-01'", schema });
 * const all = sqlRows([postgres(a), postgres(b)], { from: 'events', schema });
 * ```
 */
export function sqlRows(
  database: Database | readonly Database[],
  options: SqlRowsOptions,
): SqlRows {
  const databases = [database].flat() as readonly Database[];
  if (databases.length === 0 || !databases.every(isDatabase)) {
    const advice = 'write sqlRows(duckdb(connection), { from })';
    throw refusal('sqlRows', 'expected a database or a list of them', database, advice);
  }
  const kinds = [...new Set(databases.map(({ dialect }) => dialect.name))];
  if (kinds.length > 1) {
    throw new TypeError(
      `sqlRows: all parts must be of one kind of database, got ${kinds.join(' and ')}; move one, or fit ` +
        'them apart',
    );
  }
  const { from, where, schema, count } = settle('sqlRows', options, rowsSpec, {
    example: "sqlRows(duckdb(connection), { from: 'events' })",
  });
  return new SqlRows(databases, { from, where, schema, count });
}

function isDatabase(x: unknown): x is Database {
  const { open, dialect } = (x ?? {}) as Partial<Database>;
  return typeof open === 'function' && typeof dialect?.words === 'function';
}

/** Rows in a database: `fit`, `evaluate` and `overRows` take them. */
export class SqlRows extends SqlSource implements Rows, Learnable, Known {
  readonly role = 'train';
  readonly warnings: readonly never[] = [];
  readonly #levels = new Map<string, readonly string[]>();

  get schema(): Schema {
    if (this.given !== undefined) return this.given;
    throw new TypeError(
      "fit: the rows have no schema; give one: sqlRows(database, { from, schema: defineSchema({ … }, { target: 'y' }) })",
    );
  }

  get names(): readonly string[] {
    return this.schema.columns.filter(({ type }) => type !== 'ignored').map(({ name }) => name);
  }

  get file(): string {
    return this.relation.from;
  }

  get rows(): number {
    return this.known ?? Number.NaN;
  }

  async begin(): Promise<void> {
    this.hold();
    try {
      await this.count();
      // Levels that the schema leaves open are those that occur.
      for (const column of this.schema.columns) {
        if (column.type !== 'category' || column.levels !== undefined) continue;
        if (!this.#levels.has(column.name)) await this.#ask(column);
      }
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  end(): Promise<void> {
    return this.release();
  }

  type(name: string): Values['type'] | undefined {
    const type = this.given && columnOf(this.given, name)?.type;
    return type === 'ignored' ? undefined : type;
  }

  async counted(weights: string): Promise<Rows> {
    const { from, where } = this.relation;
    const condition = `${this.dialect.quote(weights)} <> 0`;
    const both = where === undefined ? condition : `(${where}) AND ${condition}`;
    const kept = new SqlRows(this.shards, {
      from: { text: from },
      where: both,
      schema: this.given,
    });
    for (const [name, levels] of this.#levels) kept.#levels.set(name, levels);
    await kept.count();
    return kept;
  }

  fit(preparation: Preparation): Promise<FittedPreparation> {
    return preparation.fit(this);
  }

  async column(name: string): Promise<Table> {
    const column = this.columnNamed(name);
    const values = await this.#values(column);
    const rows = values.type === 'category' ? values.codes.length : values.values.length;
    const columns = new Map([[name, values]]);
    const schema: Schema = { columns: [column] };
    const { file } = this;
    return { schema, rows, names: [name], columns, droppedRows: 0, warnings: [], file };
  }

  async holes(names: readonly string[]): Promise<readonly number[]> {
    const { words, frame } = this.#frame(names);
    const found = await sumsOf(
      this,
      frame.columns.map((column) => ({
        fold: 'sum',
        of: words.indicator(words.isNull(column.kind === 'label' ? column.text : column.value)),
      })),
    );
    return [...found];
  }

  notes(features: readonly string[]): readonly Warning[] {
    // Whether a column counts the rows would take a query for the distinct values of each.
    return columnWarnings(
      { names: this.names, type: (name) => this.type(name) },
      features,
      () => false,
    );
  }

  examples(problem: Problem, reading: Reading): Promise<RowExamples> {
    return SqlExamples.of(problem, this, this, reading);
  }

  levels(name: string): readonly string[] {
    return this.levelsOf(name);
  }

  async facts(features: readonly string[]): Promise<Facts> {
    const { words, frame } = this.#frame(features);
    await refuseFaults(this, frame.faults, (truth) => words.indicator(truth), 'fit');
    return new SqlFacts(this, frame, await this.count());
  }

  levelsOf(name: string): readonly string[] {
    const column = this.columnNamed(name);
    if (column.type !== 'category') return [];
    return column.levels ?? this.#levels.get(name) ?? [];
  }

  columnNamed(name: string): NamedColumn {
    const column = columnOf(this.schema, name);
    if (column !== undefined && column.type !== 'ignored') return column;
    throw new CsvError({
      operation: 'fit',
      reason: 'unknown-column',
      file: this.file,
      column: name,
      problem: 'there is no column of that name',
      advice: `the schema has ${this.names.slice(0, 8).join(', ')}`,
    });
  }

  #frame(names: readonly string[]) {
    const words: Words = this.dialect.words(new Expressions(), false);
    return { words, frame: frameOf(this, names, words) };
  }

  async #ask(column: NamedColumn): Promise<void> {
    const words = this.dialect.words(new Expressions(), false);
    const label = words.all.column(this.dialect.label(this.dialect.quote(column.name)), '"label"');
    const found = [...(await groups(this, label)).keys()];
    this.#levels.set(column.name, sortedLevels(found));
  }

  /** Every value that occurs, once. */
  async #values(column: NamedColumn): Promise<Values> {
    if (column.type === 'category') {
      const levels = this.levelsOf(column.name);
      return { type: 'category', codes: Int32Array.from(levels, (_, code) => code), levels };
    }
    const { frame } = this.#frame([column.name]);
    const [made] = frame.columns;
    const most = 1000;
    if (made.kind === 'label') throw new TypeError(`fit: the column "${column.name}" holds labels`);
    let found: number[];
    try {
      found = [...(await groups(this, made.value, most)).keys()].map(Number);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const [low, high] = await sumsOf(this, [
        { fold: 'min', of: made.value },
        { fold: 'max', of: made.value },
      ]);
      // Too many to be labels: some numbers that show it.
      found = Array.from({ length: most + 1 }, (_, k) => low + ((high - low) * k) / most);
    }
    if (column.type === 'boolean') return { type: 'boolean', values: Int8Array.from(found) };
    if (column.type === 'date') return { type: 'date', values: Float64Array.from(found) };
    return { type: 'number', values: Float64Array.from(found) };
  }
}

/** As when a file is read: numbers by their size, texts by their characters. */
function sortedLevels(levels: readonly string[]): string[] {
  const numeric = levels.every((level) => level.trim() !== '' && Number.isFinite(Number(level)));
  return numeric
    ? [...levels].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
    : [...levels].sort();
}
