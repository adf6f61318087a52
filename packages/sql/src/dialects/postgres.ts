import type { Expression, Expressions } from '../expression/expression.ts';
import { Words } from '../expression/words.ts';
import { type Dialect, doubleLiteral, quoted, textLiteral } from './dialect.ts';

/** Below, e^x is so small that a product with it may be too small for PostgreSQL, which then stops. */
const leastExponent = -600;
const mostExponent = 709.78;

/** PostgreSQL stops where a result is too large or too small for a double: e^−800, and all that is NaN. */
class PostgresWords extends Words {
  override exp(x: Expression): Expression {
    const floor = this.number(leastExponent);
    return super.exp(this.greatest(x, floor));
  }
}

/** With every case spelt out: for rows that the plain words stop at. */
class GuardedWords extends Words {
  get #infinity(): Expression {
    return this.number(Number.POSITIVE_INFINITY);
  }

  get #nan(): Expression {
    return this.number(Number.NaN);
  }

  override exp(x: Expression): Expression {
    const known = { sign: 'notNegative' } as const;
    const none = this.equal(x, this.#nan);
    const high = this.less(this.number(mostExponent), x);
    const low = this.less(x, this.number(leastExponent));
    const options = [
      [none, x],
      [high, this.#infinity],
      [low, this.number(0)],
    ] as const;
    return this.cases(options, super.exp(x), known);
  }

  override ln(x: Expression): Expression {
    if (x.sign === 'positive') return super.ln(x);
    const zero = this.number(0);
    const options = [
      [this.less(zero, x), super.ln(x)],
      [this.equal(x, zero), this.number(Number.NEGATIVE_INFINITY)],
    ] as const;
    return this.cases(options, this.#nan);
  }

  override sqrt(x: Expression): Expression {
    if (x.sign !== 'any') return super.sqrt(x);
    const inside = this.lessEqual(this.number(0), x);
    return this.choose(inside, super.sqrt(x), this.#nan, { sign: 'notNegative' });
  }

  // What stands in a case may be computed for all rows, to be used twice: it must not stop either.
  override ratio(a: Expression, b: Expression): Expression {
    if (b.kind === 'number' && b.value !== 0) return super.ratio(a, b);
    const zero = this.number(0);
    const quotient = this.mul(a, this.#infinity);
    const sign = a.sign !== 'any' && b.sign !== 'any' ? 'notNegative' : 'any';
    const tiny = this.both(this.#small(a), this.less(this.number(1e150), this.abs(b)));
    return this.cases(
      [
        [this.equal(b, zero), quotient],
        [tiny, zero],
      ],
      super.ratio(a, b),
      { sign },
    );
  }

  override mul(a: Expression, b: Expression): Expression {
    const plain = super.mul(a, b);
    if (plain === a || plain === b) return plain;
    // Infinite · 0 is NaN there as here.
    const both = this.both(this.#small(a), this.#small(b));
    const large = this.both(this.#large(a), this.#large(b));
    const signs = this.fn('sign', [a]);
    const infinite = this.all.call(
      ['', ' * ', ' * ', ''],
      [signs, this.fn('sign', [b]), this.#infinity],
      [5, 5, 6, 6],
    );
    return this.cases(
      [
        [both, this.number(0)],
        [large, infinite],
      ],
      plain,
      { sign: plain.sign },
    );
  }

  #small(x: Expression): Expression {
    return this.less(this.abs(x), this.number(1e-150));
  }

  #large(x: Expression): Expression {
    return this.less(this.number(1e150), this.abs(x));
  }
}

/** Numbers out of range, division by zero, logarithms and powers of what has none. */
const codes: readonly unknown[] = ['22003', '22012', '2201E', '2201F'];

function typed(value: number): string {
  if (Number.isFinite(value)) return `${doubleLiteral(value)}::float8`;
  return `'${value}'::float8`;
}

export const postgresDialect: Dialect = {
  name: 'postgres',
  words: (all: Expressions, guarded) => (guarded ? new GuardedWords(all) : new PostgresWords(all)),
  // Beside a double, the decimal becomes one when the query is planned.
  number: (value) => (Number.isFinite(value) ? doubleLiteral(value) : typed(value)),
  typed,
  quote: quoted,
  text: (value) => {
    const literal = textLiteral(value);
    // Whatever standard_conforming_strings says.
    return value.includes('\\') ? `E${literal.replaceAll('\\', '\\\\')}` : literal;
  },
  label: (text) => `${text}::text`,
  milliseconds: (text) => `(extract(epoch FROM ${text}) * 1000)::float8`,
  double: (text) => `${text}::float8`,
  notFinite: (text) =>
    `${text}::float8 IN ('NaN'::float8, 'Infinity'::float8, '-Infinity'::float8)`,
  sum: (text) => `SUM(${text})`,
  // Without it, what the inner query computes is written into every sum that uses it.
  fence: 'OFFSET 0',
  mostColumns: 1664,
  outOfRange: (error) => codes.includes((error as { readonly code?: unknown } | null)?.code),
  explain: 'EXPLAIN',
};
