import type { Expressions } from '../expression/expression.ts';
import { Words } from '../expression/words.ts';
import { type Dialect, doubleLiteral, quoted } from './dialect.ts';

function number(value: number): string {
  if (Number.isFinite(value)) return `${doubleLiteral(value)}D`;
  const name = Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  return `CAST('${name}' AS DOUBLE)`;
}

/** Spark SQL, as text only: nothing here has run on Spark. */
export const sparkDialect: Dialect = {
  name: 'spark',
  words: (all: Expressions) => new Words(all),
  number,
  typed: number,
  quote: (name) => quoted(name, '`'),
  text: (value) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  label: (text) => `CAST(${text} AS STRING)`,
  milliseconds: (text) => `CAST(unix_millis(CAST(${text} AS TIMESTAMP)) AS DOUBLE)`,
  double: (text) => `CAST(${text} AS DOUBLE)`,
  notFinite: (text) => `isnan(${text}) OR abs(${text}) = CAST('Infinity' AS DOUBLE)`,
  sum: (text) => `SUM(${text})`,
  fence: '',
  mostColumns: 10_000,
  outOfRange: () => false,
  explain: 'EXPLAIN',
};
