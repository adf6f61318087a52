import type { Dialect } from '../dialects/dialect.ts';
import { binding, type Call, type Column, type Expression } from './expression.ts';

/** One number over all rows. */
export interface Aggregate {
  /** `present`: the sum over the rows that have a value. */
  readonly fold: 'sum' | 'max' | 'min' | 'present';
  readonly of: Expression;
}

/** Where the rows come from. */
export interface Relation {
  /** What stands after FROM. */
  readonly from: string;
  /** What stands after WHERE; every row without. */
  readonly where?: string | undefined;
  /** Expressions that rows are told apart by: results come per group. */
  readonly by?: readonly string[] | undefined;
}

/** From this cost on, an expression that is used twice is computed in a subquery of its own. */
const worthAName = 2;

/**
 * A query of sums, laid out once: which expressions get a name, and in which of the nested queries
 * they are computed. `text` fills in the numbers that are known when it is asked; the result is a row
 * of the count of rows and the sums.
 */
export class Query {
  readonly aggregates: readonly Aggregate[];
  readonly #dialect: Dialect;
  readonly #names = new Map<Expression, string>();
  /** What each of the nested queries computes, the innermost first. */
  readonly #layers: Expression[][] = [];
  /** What each of them hands on of those below. */
  readonly #passed: Set<Expression>[] = [];

  constructor(aggregates: readonly Aggregate[], dialect: Dialect) {
    this.aggregates = aggregates;
    this.#dialect = dialect;
    this.#layOut();
  }

  get results(): number {
    return this.aggregates.length;
  }

  /** An expression written out over the table itself. */
  static written(x: Expression, dialect: Dialect, slots: ArrayLike<number> = []): string {
    return new Query([], dialect).#text(x, 0, slots);
  }

  /** The most columns that any of its parts has. */
  get widest(): number {
    const widths = this.#layers.map((layer, k) => layer.length + this.#passed[k].size);
    return Math.max(this.results + 1, ...widths);
  }

  text(relation: Relation, slots: ArrayLike<number>): string {
    const { from, where, by = [] } = relation;
    const dialect = this.#dialect;
    const keys = by.map((_, i) => `k${i + 1}`);
    let source: readonly string[] = [`FROM ${from}`];
    if (where !== undefined) source = [...source, `WHERE ${where}`];
    this.#layers.forEach((layer, level) => {
      const passed = [...this.#passed[level]].map((x) =>
        level === 0 ? `${this.#text(x, level, slots)} AS ${this.#name(x)}` : this.#name(x),
      );
      const made = layer.map((x) => `${this.#define(x, level, slots)} AS ${this.#name(x)}`);
      const grouped = by.map((text, i) => (level === 0 ? `${text} AS ${keys[i]}` : keys[i]));
      const fence = dialect.fence === '' ? [] : [dialect.fence];
      const inner = [`SELECT ${[...grouped, ...passed, ...made].join(', ')}`, ...source, ...fence];
      source = ['FROM (', ...inner.map((line) => `  ${line}`), `) AS q${level + 1}`];
    });
    const level = this.#layers.length;
    const groups = level === 0 ? by : keys;
    const sums = this.aggregates.map((aggregate, i) => {
      return `${this.#aggregate(aggregate, level, slots)} AS s${i + 1}`;
    });
    const named = groups.map((text, i) => `${text} AS k${i + 1}`);
    const selected = [...named, 'COUNT(*) AS n', ...sums];
    const last = selected.length - 1;
    const list = selected.map((text, i) => `  ${text}${i < last ? ',' : ''}`);
    const grouped = groups.length === 0 ? [] : [`GROUP BY ${groups.join(', ')}`];
    return ['SELECT', ...list, ...source, ...grouped].join('\n');
  }

  #aggregate({ fold, of }: Aggregate, level: number, slots: ArrayLike<number>): string {
    const text = this.#text(of, level, slots, binding.any, true);
    if (fold === 'sum') return this.#dialect.sum(text, of.kind === 'column');
    return `${fold === 'present' ? 'SUM' : fold.toUpperCase()}(${text})`;
  }

  #layOut(): void {
    const ends = this.aggregates.map(({ of }) => of);
    const uses = new Map<Expression, number>();
    const order: Expression[] = [];
    const visit = (x: Expression): void => {
      const count = (uses.get(x) ?? 0) + 1;
      uses.set(x, count);
      if (count > 1) return;
      if (x.kind === 'call') x.args.forEach(visit);
      order.push(x);
    };
    ends.forEach(visit);
    // What is written out where it is used costs as much as all that it writes out.
    const cost = new Map<Expression, number>();
    const level = new Map<Expression, number>();
    for (const x of order) {
      const args = x.kind === 'call' ? x.args : [];
      const written = args.filter((arg) => !this.#names.has(arg));
      const total = x.cost + written.reduce((sum, arg) => sum + (cost.get(arg) as number), 0);
      cost.set(x, total);
      const below = Math.max(0, ...args.map((arg) => level.get(arg) as number));
      const named = x.kind !== 'number' && x.kind !== 'slot' && !x.truth;
      if (!named || (uses.get(x) as number) < 2 || total < worthAName) {
        level.set(x, below);
        continue;
      }
      level.set(x, below + 1);
      this.#layers[below] ??= [];
      this.#layers[below].push(x);
      this.#names.set(x, x.kind === 'column' ? x.alias : `t${this.#names.size + 1}`);
    }
    for (const _ of this.#layers) this.#passed.push(new Set());
    // Whoever reads a name or a column at a level needs it handed on by all levels in between.
    const need = (x: Expression, at: number): void => {
      const named = this.#names.has(x);
      if (x.kind !== 'column' && !named) {
        if (x.kind === 'call') for (const arg of x.args) need(arg, at);
        return;
      }
      const made = named ? (level.get(x) as number) : 0;
      for (let k = made; k < at; k++) this.#passed[k].add(x);
    };
    this.#layers.forEach((layer, k) => {
      for (const x of layer) if (x.kind === 'call') for (const arg of x.args) need(arg, k);
    });
    for (const end of ends) need(end, this.#layers.length);
  }

  #name(x: Expression): string {
    return this.#names.get(x) ?? (x as Column).alias;
  }

  /** The text of an expression in the query of a level, in which names of lower levels are known. */
  #text(
    x: Expression,
    level: number,
    slots: ArrayLike<number>,
    needs: number = binding.any,
    typed = false,
  ): string {
    switch (x.kind) {
      case 'number':
      case 'slot': {
        const value = x.kind === 'number' ? x.value : slots[x.slot];
        const text = typed ? this.#dialect.typed(value) : this.#dialect.number(value);
        return text.startsWith('-') && needs > binding.any ? `(${text})` : text;
      }
      case 'column':
        if (level > 0) return x.alias;
        return x.text;
      case 'call':
        return this.#names.get(x) ?? this.#define(x, level, slots, needs);
    }
  }

  #define(
    x: Expression,
    level: number,
    slots: ArrayLike<number>,
    needs: number = binding.any,
  ): string {
    if (x.kind !== 'call') return (x as Column).text;
    const text =
      x.pieces[0] + x.args.map((arg, i) => this.#argument(x, arg, i, level, slots)).join('');
    return x.binding < needs ? `(${text})` : text;
  }

  #argument(x: Call, arg: Expression, i: number, level: number, slots: ArrayLike<number>): string {
    const typed = x.pieces[0].startsWith('CASE');
    return this.#text(arg, level, slots, x.needs[i], typed) + x.pieces[i + 1];
  }
}
