import type { CategoryColumn, NamedColumn, Schema } from '@steepest/datasets';
import { columnOf } from '@steepest/datasets';
import { type Database, numberOfCell } from '../connections/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Expression } from '../expression/expression.ts';
import type { Query, Relation } from '../expression/query.ts';
import type { Words } from '../expression/words.ts';
import { aliasOf } from '../prepared/frame.ts';
import { Shards, type Traffic } from './shards.ts';

/** Which rows. */
export interface SqlRowsOptions {
  /** A table's name, its parts where it has several, or a query of your own. */
  readonly from: string | readonly string[] | { readonly query: string };
  /** A condition of your own in SQL: `day < '2026-11-01'`. */
  readonly where?: string | undefined;
  /** The columns that are read, as for a file; those of a loss are numbers without. */
  readonly schema?: Schema | undefined;
  /** How many rows there are, where that is known: it is checked by every query, and not asked. */
  readonly count?: number | undefined;
}

type Located = Omit<SqlRowsOptions, 'from'> & {
  readonly from: SqlRowsOptions['from'] | { readonly text: string };
};

/** Rows in a database, and what is asked of them. */
export class SqlSource {
  readonly dialect: Dialect;
  readonly relation: Relation;
  readonly given: Schema | undefined;
  /** Whether all queries of a run see the same rows, whatever others write. */
  readonly snapshots: boolean;
  protected readonly shards: Shards;
  #count: Promise<number> | undefined;
  #known: number | undefined;

  constructor(from: readonly Database[] | Shards, { from: table, where, schema, count }: Located) {
    const shards = from instanceof Shards ? from : new Shards(from);
    const { databases } = shards;
    this.dialect = databases[0].dialect;
    this.snapshots = databases.every((database) => database.snapshots);
    this.relation = { from: fromText(this.dialect, table), where };
    this.given = schema;
    this.shards = shards;
    this.#known = count;
    if (count !== undefined) this.#count = Promise.resolve(count);
  }

  /** How many databases hold them. */
  get parts(): number {
    return this.shards.databases.length;
  }

  /** What left the databases so far. */
  get traffic(): Traffic {
    return this.shards.traffic;
  }

  /** From here to `end`, queries see the same rows. */
  hold(): void {
    this.shards.begin();
  }

  release(): Promise<void> {
    return this.shards.end();
  }

  /** How many rows there are: asked once. Throws a RangeError where there are fewer than two. */
  count(signal?: AbortSignal): Promise<number> {
    this.#count ??= this.#counted(signal).catch((error: unknown) => {
      this.#count = undefined;
      throw error;
    });
    return this.#count;
  }

  /** The number of rows, if it was asked for already. */
  get known(): number | undefined {
    return this.#known;
  }

  async #counted(signal: AbortSignal | undefined): Promise<number> {
    const [count] = await this.totals(['COUNT(*)'], signal);
    if (count < 2) {
      throw new RangeError(
        `sqlRows: ${this.relation.from} has ${count === 0 ? 'no rows' : 'one row'}${this.relation.where === undefined ? '' : ' where the condition holds'}; ` +
          'a sum over rows needs two at least',
      );
    }
    this.#known = count;
    return count;
  }

  /** Sums (or counts) over all rows, added over shards. */
  async totals(aggregates: readonly string[], signal?: AbortSignal): Promise<readonly number[]> {
    const list = aggregates.map((text, i) => `${text} AS s${i + 1}`).join(', ');
    const { from, where } = this.relation;
    const condition = where === undefined ? '' : ` WHERE ${where}`;
    const parts = await this.shards.ask(`SELECT ${list} FROM ${from}${condition}`, signal);
    const sums = new Array<number>(aggregates.length).fill(0);
    // A sum of no rows is NULL.
    for (const [row] of parts) {
      row.forEach((cell, k) => {
        sums[k] += cell === null ? 0 : numberOfCell(cell);
      });
    }
    return sums;
  }

  /** The rows of a result of each part. */
  ask(text: string, signal?: AbortSignal): Promise<readonly (readonly (readonly unknown[])[])[]> {
    return this.shards.ask(text, signal);
  }

  /** The results of a query over all rows, folded over shards in their order. */
  async sums(query: Query, slots: Float64Array, signal?: AbortSignal): Promise<Float64Array> {
    const parts = await this.shards.ask(this.queryText(query, slots), signal);
    const results = new Float64Array(query.results);
    let rows = 0;
    parts.forEach(([cells], part) => {
      rows += numberOfCell(cells[0]);
      query.aggregates.forEach(({ fold }, k) => {
        const value = numberOfCell(cells[k + 1]);
        // A part without rows has no extremes, and sums of NULL.
        if (numberOfCell(cells[0]) === 0) return;
        if (fold === 'present') results[k] += Number.isNaN(value) ? 0 : value;
        else if (part === 0 || fold === 'sum') results[k] += value;
        else
          results[k] = fold === 'max' ? Math.max(results[k], value) : Math.min(results[k], value);
      });
    });
    const expected = await this.count(signal);
    if (rows !== expected) {
      throw new Error(
        `sqlRows: ${this.relation.from} had ${expected} rows and now has ${rows}; ${this.dialect.name} ` +
          (this.snapshots
            ? 'saw them in two runs: make new rows with sqlRows'
            : 'has no snapshots, so nothing may write while a fit runs'),
      );
    }
    return results;
  }

  queryText(query: Query, slots: ArrayLike<number>): string {
    return query.text(this.relation, slots);
  }

  /** A column as a number of each row; what the schema says of it is what it means. */
  expression(name: string, words: Words): Expression {
    const { dialect } = this;
    const text = dialect.quote(name);
    const alias = aliasOf(name, dialect);
    const declared = this.declared(name);
    if (declared?.type === 'category') return this.#code(text, alias, declared, words);
    if (declared?.type === 'boolean') {
      const truth = words.all.column(text, alias, { truth: true, tame: true });
      return words.indicator(truth);
    }
    return words.all.column(dialect.double(text), alias);
  }

  declared(name: string): NamedColumn | undefined {
    if (this.given === undefined) return undefined;
    const column = columnOf(this.given, name);
    if (column === undefined) {
      const names = this.given.columns.map((known) => known.name).slice(0, 8);
      throw new TypeError(
        `sqlRows: there is no column ${JSON.stringify(name)} in the schema, which has ${names.join(', ')}`,
      );
    }
    if (column.type === 'number' || column.type === 'category' || column.type === 'boolean')
      return column;
    throw new TypeError(
      `sqlRows: the column ${JSON.stringify(name)} is declared ${column.type}, which is no number; declare ` +
        'it number(), boolean() or category([…]), or leave it out',
    );
  }

  /** The place of a label among the levels. */
  #code(text: string, alias: string, { name, ...column }: NamedColumn, words: Words): Expression {
    const { levels } = column as CategoryColumn;
    if (levels === undefined) {
      throw new TypeError(
        `sqlRows: the levels of ${JSON.stringify(name)} are not known; declare them: category(['a', 'b'])`,
      );
    }
    const label = words.all.column(text, alias, { tame: true });
    const options = levels.map((level, code) => {
      const literal = words.literal(this.dialect.text(level));
      return [words.equal(label, literal), words.number(code)] as const;
    });
    return words.cases(options, words.number(-1), { tame: true });
  }
}

function fromText(dialect: Dialect, from: Located['from']): string {
  if (typeof from === 'string') return dialect.quote(from);
  if ('text' in from) return from.text;
  if ('query' in from) return `(${from.query}) AS source`;
  return from.map((part) => dialect.quote(part)).join('.');
}
