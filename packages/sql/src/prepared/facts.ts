import type { Extremes, FactColumn, Facts } from '@steepest/datasets';
import { numberOfCell } from '../connections/connection.ts';
import type { Expression } from '../expression/expression.ts';
import { type Aggregate, Query } from '../expression/query.ts';
import type { SqlSource } from '../rows/source.ts';
import { sumsOf } from './answers.ts';
import type { DateColumn, LabelColumn, NumberColumn, SqlColumn, SqlFrame } from './frame.ts';
import { stepped } from './steps.ts';

/** What steps may ask of columns in a database: each question is a query or two. */
export class SqlFacts implements Facts {
  readonly rows: number;
  readonly columns: readonly FactColumn[];
  readonly file: string;
  readonly #source: SqlSource;
  readonly #frame: SqlFrame;

  constructor(source: SqlSource, frame: SqlFrame, rows: number) {
    this.#source = source;
    this.#frame = frame;
    this.rows = rows;
    this.file = source.relation.from;
    this.columns = frame.columns.map((column) => {
      const { kind, name } = column;
      if (column.kind === 'label') {
        return { kind, name, levels: column.levels, declared: column.declared };
      }
      return column.kind === 'number' && column.cycle
        ? { kind, name, cycle: column.cycle }
        : { kind, name };
    });
  }

  async moments(
    names: readonly string[],
  ): Promise<readonly { mean: number; deviation: number; count: number }[]> {
    const { words } = this.#frame;
    const values = names.map((name) => this.#number(name).value);
    const present = values.map((value) => this.#present(value));
    const first = await this.#sums([
      ...present.map((of) => ({ fold: 'sum' as const, of })),
      ...values.map((of) => ({ fold: 'present' as const, of })),
      ...values.map((of) => ({ fold: 'min' as const, of })),
      ...values.map((of) => ({ fold: 'max' as const, of })),
    ]);
    const n = names.length;
    const means = names.map((_, k) => {
      const [low, high] = [first[2 * n + k], first[3 * n + k]];
      const mean = first[n + k] / first[k];
      // A column of one value has exactly this mean, and no deviation.
      return low === high ? low : mean;
    });
    // About the mean, so that columns far from 0 keep their digits.
    const moved = values.map((value, k) => words.sub(value, words.number(means[k] || 0)));
    const squares = await this.#sums(
      moved.map((of) => ({ fold: 'present' as const, of: words.mul(of, of) })),
    );
    return names.map((_, k) => {
      const constant = first[2 * n + k] === first[3 * n + k];
      const deviation = constant ? 0 : Math.sqrt(squares[k] / first[k]);
      return { mean: means[k], deviation, count: first[k] };
    });
  }

  async extremes(names: readonly string[]): Promise<readonly Extremes[]> {
    const values = names.map((name) => this.#measured(name).value);
    const found = await this.#sums([
      ...values.map((of) => ({ fold: 'min' as const, of })),
      ...values.map((of) => ({ fold: 'max' as const, of })),
    ]);
    return names.map((_, k) => {
      const [low, high] = [found[k], found[names.length + k]];
      return Number.isNaN(low) ? { low: Infinity, high: -Infinity } : { low, high };
    });
  }

  async holes(names: readonly string[]): Promise<readonly number[]> {
    const given = names.map((name) => {
      const column = this.#column(name);
      return column.kind === 'label' ? column.text : column.value;
    });
    const { words } = this.#frame;
    const found = await this.#sums(
      given.map((of) => ({ fold: 'sum' as const, of: words.indicator(words.isNull(of)) })),
    );
    return [...found];
  }

  async counts(names: readonly string[]): Promise<readonly Float64Array[]> {
    const all: Float64Array[] = [];
    for (const name of names) {
      const { text, levels } = this.#label(name);
      const counted = await groups(this.#source, text);
      all.push(Float64Array.from(levels, (level) => counted.get(level) ?? 0));
    }
    return all;
  }

  async medians(names: readonly string[]): Promise<readonly (number | undefined)[]> {
    const values = names.map((name) => this.#number(name).value);
    const counts = await this.#sums(
      values.map((value) => ({ fold: 'sum' as const, of: this.#present(value) })),
    );
    const found: (number | undefined)[] = [];
    for (const [k, value] of values.entries()) {
      const count = counts[k];
      if (count === 0) found.push(undefined);
      else {
        const low = await this.#ranked(value, Math.floor((count - 1) / 2));
        const high = count % 2 === 1 ? low : await this.#ranked(value, count / 2);
        found.push(low + (high - low) / 2);
      }
    }
    return found;
  }

  async mostFrequent(names: readonly string[]): Promise<readonly (number | undefined)[]> {
    const all: (number | undefined)[] = [];
    for (const name of names) {
      const counted = await groups(this.#source, this.#number(name).value);
      const sorted = [...counted].sort(([a, m], [b, n]) => n - m || Number(a) - Number(b));
      all.push(sorted.length === 0 ? undefined : Number(sorted[0][0]));
    }
    return all;
  }

  after({ step, state }: Parameters<Facts['after']>[0]): Facts {
    return new SqlFacts(this.#source, stepped(this.#frame, step, state), this.rows);
  }

  /** The value with so many before it; over several databases by halving what it can be. */
  async #ranked(value: Expression, before: number): Promise<number> {
    const text = Query.written(value, this.#source.dialect);
    if (this.#source.parts === 1) {
      const { from, where } = this.#source.relation;
      const condition = where === undefined ? '' : `(${where}) AND `;
      const [[[cell]]] = await this.#source.ask(
        `SELECT ${text} FROM ${from} WHERE ${condition}${text} IS NOT NULL ORDER BY ${text} LIMIT 1 OFFSET ${before}`,
      );
      return numberOfCell(cell);
    }
    const { words } = this.#frame;
    let { low, high } = await this.#range(value);
    // One of the values stays within, until it is the only one.
    while (low < high) {
      const middle = Math.max(low, Math.min(low + (high - low) / 2, high));
      const at = middle === high ? low : middle;
      const below = words.indicator(words.lessEqual(value, words.number(at)));
      const [count] = await this.#sums([{ fold: 'present', of: below }]);
      if (count > before) high = await this.#largest(value, at);
      else low = await this.#smallest(value, at);
    }
    return low;
  }

  async #range(value: Expression): Promise<{ low: number; high: number }> {
    const [low, high] = await this.#sums([
      { fold: 'min', of: value },
      { fold: 'max', of: value },
    ]);
    return { low, high };
  }

  async #largest(value: Expression, most: number): Promise<number> {
    const { words } = this.#frame;
    const within = words.lessEqual(value, words.number(most));
    const of = words.choose(within, value, words.literal('NULL'));
    return (await this.#sums([{ fold: 'max', of }]))[0];
  }

  async #smallest(value: Expression, above: number): Promise<number> {
    const { words } = this.#frame;
    const within = words.less(words.number(above), value);
    const of = words.choose(within, value, words.literal('NULL'));
    return (await this.#sums([{ fold: 'min', of }]))[0];
  }

  #sums(aggregates: readonly Aggregate[]): Promise<Float64Array> {
    return sumsOf(this.#source, aggregates);
  }

  #present(value: Expression): Expression {
    const { words } = this.#frame;
    return words.choose(words.isNull(value), words.number(0), words.number(1));
  }

  #column(name: string): SqlColumn {
    const column = this.#frame.columns.find((other) => other.name === name);
    if (column !== undefined) return column;
    throw new TypeError(`prepare: there is no column "${name}" at this step`);
  }

  #number(name: string): NumberColumn {
    const column = this.#column(name);
    if (column.kind === 'number') return column;
    throw new TypeError(`prepare: the column "${name}" holds no numbers`);
  }

  #measured(name: string): NumberColumn | DateColumn {
    const column = this.#column(name);
    if (column.kind !== 'label') return column;
    throw new TypeError(`prepare: the column "${name}" holds labels`);
  }

  #label(name: string): LabelColumn {
    const column = this.#column(name);
    if (column.kind === 'label') return column;
    throw new TypeError(`prepare: the column "${name}" holds no labels`);
  }
}

/** More distinct values of a column than are brought here. */
export const mostGroups = 10_000;

/** How many rows there are of each value, NULL left out. Throws a RangeError where there are too many. */
export async function groups(
  rows: SqlSource,
  value: Expression,
  most: number = mostGroups,
): Promise<Map<string, number>> {
  const text = Query.written(value, rows.dialect);
  const { from, where } = rows.relation;
  const condition = where === undefined ? '' : `(${where}) AND `;
  const parts = await rows.ask(
    `SELECT ${text} AS k1, COUNT(*) AS n FROM ${from} WHERE ${condition}${text} IS NOT NULL GROUP BY ${text} LIMIT ${most + 1}`,
  );
  const counted = new Map<string, number>();
  for (const [cell, count] of parts.flat()) {
    const key = String(cell);
    counted.set(key, (counted.get(key) ?? 0) + numberOfCell(count));
  }
  if (counted.size <= most) return counted;
  throw new RangeError(
    `sqlRows: ${text} has more than ${most} different values, which are not all brought here; is it an identifier?`,
  );
}
