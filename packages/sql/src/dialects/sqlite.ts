import type { Expression, Expressions } from '../expression/expression.ts';
import { Words } from '../expression/words.ts';
import { type Dialect, doubleLiteral, quoted, textLiteral } from './dialect.ts';

/** How a build of SQLite calls the natural logarithm: builds differ. */
export type Logarithm = 'ln' | 'log';

/** SQLite's MAX and MIN of two values; NULL stands for NaN, and sums would pass over it. */
class SqliteWords extends Words {
  readonly #ln: Logarithm;

  constructor(all: Expressions, ln: Logarithm) {
    super(all);
    this.#ln = ln;
  }

  override ln(x: Expression): Expression {
    const known = { tame: x.tame && x.sign === 'positive' };
    if (x.sign === 'positive') return this.fn(this.#ln, [x], known);
    // Its logarithm of 0 is NULL.
    const least = this.number(Number.NEGATIVE_INFINITY);
    return this.choose(this.equal(x, this.number(0)), least, this.fn(this.#ln, [x]));
  }

  override greatest(a: Expression, b: Expression): Expression {
    const sign = a.sign === 'any' ? b.sign : a.sign;
    return this.fn('max', [a, b], { cost: 2, sign });
  }

  override least(a: Expression, b: Expression): Expression {
    return this.fn('min', [a, b], { cost: 2 });
  }

  // A quotient by 0 is NULL.
  override div(a: Expression, b: Expression): Expression {
    const plain = super.div(a, b);
    if (plain === a || b.kind === 'number' || b.sign === 'positive') return plain;
    const infinite = this.mul(a, this.number(Number.POSITIVE_INFINITY));
    return this.choose(this.equal(b, this.number(0)), infinite, plain, { sign: plain.sign });
  }

  // Some builds give NULL where e^x is larger than a double.
  override exp(x: Expression): Expression {
    const most = this.number(709.78);
    const infinity = this.number(Number.POSITIVE_INFINITY);
    const known = { sign: 'notNegative' } as const;
    if (x.sign === 'any' && !this.#isNegative(x)) {
      return this.choose(this.less(most, x), infinity, super.exp(x), known);
    }
    return super.exp(x);
  }

  #isNegative(x: Expression): boolean {
    const [minus, ...rest] = x.kind === 'call' ? x.args : [];
    return x.kind === 'call' && x.pieces[0] === '-' && minus.sign !== 'any' && rest.length === 0;
  }
}

function number(value: number): string {
  if (Number.isFinite(value)) return doubleLiteral(value);
  if (Number.isNaN(value)) return 'NULL';
  return value > 0 ? '9e999' : '-9e999';
}

export function sqliteDialect(ln: Logarithm): Dialect {
  return {
    name: 'sqlite',
    words: (all: Expressions) => new SqliteWords(all, ln),
    number,
    typed: number,
    quote: quoted,
    text: textLiteral,
    label: (text) => `CAST(${text} AS TEXT)`,
    milliseconds: (text) => `round((julianday(${text}) - 2440587.5e0) * 86400000e0)`,
    double: (text) => `CAST(${text} AS REAL)`,
    // Any column may hold a text, which would count as 0.
    notFinite: (text) => `typeof(${text}) NOT IN ('integer', 'real') OR abs(${text}) >= 9e999`,
    // NULL is what a NaN became.
    sum: (text, plain) => (plain ? `SUM(${text})` : `SUM(ifnull(${text}, 9e999))`),
    // It writes subqueries out in the outer query, unless they have a limit.
    fence: 'LIMIT -1 OFFSET 0',
    mostColumns: 2000,
    outOfRange: () => false,
    explain: 'EXPLAIN QUERY PLAN',
  };
}
