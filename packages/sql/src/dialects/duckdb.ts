import type { Expression, Expressions } from '../expression/expression.ts';
import { Words } from '../expression/words.ts';
import { type Dialect, doubleLiteral, quoted, textLiteral } from './dialect.ts';

/** DuckDB stops at logarithms of 0, and at roots and logarithms of less. */
class GuardedWords extends Words {
  override ln(x: Expression): Expression {
    if (x.sign === 'positive') return super.ln(x);
    const zero = this.number(0);
    return this.cases(
      [
        [this.less(zero, x), super.ln(x)],
        [this.equal(x, zero), this.number(Number.NEGATIVE_INFINITY)],
      ],
      this.number(Number.NaN),
    );
  }

  override sqrt(x: Expression): Expression {
    if (x.sign !== 'any') return super.sqrt(x);
    const known = { sign: 'notNegative' } as const;
    const inside = this.lessEqual(this.number(0), x);
    return this.choose(inside, super.sqrt(x), this.number(Number.NaN), known);
  }
}

const messages = /cannot take (logarithm|square root)|is undefined outside|out of range/i;

function number(value: number): string {
  if (Number.isFinite(value)) return doubleLiteral(value);
  const name = Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  return `'${name}'::DOUBLE`;
}

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  words: (all: Expressions, guarded) => (guarded ? new GuardedWords(all) : new Words(all)),
  number,
  typed: number,
  quote: quoted,
  text: textLiteral,
  label: (text) => `CAST(${text} AS VARCHAR)`,
  milliseconds: (text) => `CAST(epoch_ms(CAST(${text} AS TIMESTAMP)) AS DOUBLE)`,
  double: (text) => `CAST(${text} AS DOUBLE)`,
  notFinite: (text) => `NOT isfinite(CAST(${text} AS DOUBLE))`,
  sum: (text) => `SUM(${text})`,
  fence: '',
  mostColumns: 100_000,
  outOfRange: (error) => error instanceof Error && messages.test(error.message),
  explain: 'EXPLAIN',
};
