import type { Expression, Expressions } from '../expression/expression.ts';
import { Words } from '../expression/words.ts';
import { type Dialect, doubleLiteral, quoted, textLiteral } from './dialect.ts';

/** ClickHouse computes as processors do, and has log1p. */
class ClickhouseWords extends Words {
  override ln(x: Expression): Expression {
    return this.fn('log', [x], { tame: x.tame && x.sign === 'positive' });
  }

  override log1p(u: Expression): Expression {
    const known = { tame: u.tame && u.sign !== 'any', sign: u.sign } as const;
    return this.fn('log1p', [u], { ...known, sign: u.sign === 'any' ? 'any' : 'notNegative' });
  }
}

function number(value: number): string {
  if (Number.isFinite(value)) return doubleLiteral(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

export const clickhouseDialect: Dialect = {
  name: 'clickhouse',
  words: (all: Expressions) => new ClickhouseWords(all),
  number,
  typed: number,
  quote: (name) => quoted(name.replaceAll('\\', '\\\\')),
  text: (value) => textLiteral(value.replaceAll('\\', '\\\\')),
  label: (text) => `toString(${text})`,
  milliseconds: (text) => `toFloat64(toUnixTimestamp64Milli(toDateTime64(${text}, 3, 'UTC')))`,
  // Unlike CAST, it leaves NULL what is NULL.
  double: (text) => `toFloat64(${text})`,
  notFinite: (text) => `NOT isFinite(toFloat64(${text}))`,
  sum: (text) => `SUM(${text})`,
  fence: '',
  mostColumns: 10_000,
  outOfRange: () => false,
  explain: 'EXPLAIN',
};
