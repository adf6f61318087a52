import {
  binding,
  type Call,
  type Expression,
  Expressions,
  type Known,
  numberOf,
} from './expression.ts';

const { any, and, comparison, sum, product, sign, atom } = binding;

/**
 * What operations are written with: arithmetic and functions as most databases have them. A dialect
 * changes the words that it says otherwise. Where a result can leave the numbers (a logarithm of 0, a
 * quotient by 0), the words give what JavaScript gives, infinities and NaN, on engines that compute so;
 * `Guarded` of a dialect does where an engine stops instead.
 */
export class Words {
  readonly all: Expressions;
  readonly #truths = new Map<Expression, Expression>();

  constructor(all: Expressions = new Expressions()) {
    this.all = all;
  }

  number(value: number): Expression {
    return this.all.number(value);
  }

  /** `name(a, b)` */
  fn(name: string, args: readonly Expression[], known: Known = {}): Call {
    const pieces = [`${name}(`, ...args.slice(1).map(() => ', '), ')'];
    const tame = args.every((x) => x.tame);
    return this.all.call(pieces, args, [atom, any], { cost: 8, tame, ...known });
  }

  #infix(op: string, a: Expression, b: Expression, needs: readonly number[], known: Known): Call {
    return this.all.call(['', ` ${op} `, ''], [a, b], needs, {
      tame: a.tame && b.tame,
      ...known,
    });
  }

  add(a: Expression, b: Expression): Expression {
    if (numberOf(a) === 0) return b;
    if (numberOf(b) === 0) return a;
    const both = a.sign !== 'any' && b.sign !== 'any';
    const positive = both && (a.sign === 'positive' || b.sign === 'positive');
    const known = { sign: positive ? 'positive' : both ? 'notNegative' : 'any' } as const;
    return this.#infix('+', a, b, [sum, sum, product], known);
  }

  /** Added up in pairs of halves where there are many: engines limit the depth of expressions. */
  sum(terms: readonly Expression[]): Expression {
    const { length } = terms;
    if (length === 0) return this.number(0);
    if (length <= mostInARow) return terms.reduce((a, b) => this.add(a, b));
    const half = mostInARow * Math.ceil(length / mostInARow / 2);
    return this.add(this.sum(terms.slice(0, half)), this.sum(terms.slice(half)));
  }

  sub(a: Expression, b: Expression): Expression {
    return numberOf(b) === 0 ? a : this.#infix('-', a, b, [sum, sum, product], {});
  }

  mul(a: Expression, b: Expression): Expression {
    if (numberOf(a) === 1) return b;
    if (numberOf(b) === 1) return a;
    if ((numberOf(a) === 0 && b.tame) || (numberOf(b) === 0 && a.tame)) return this.number(0);
    // The order makes no difference to the product, and so it is not to hide that two are the same.
    const [first, second] = a.id <= b.id ? [a, b] : [b, a];
    const square = a === b || (a.sign !== 'any' && b.sign !== 'any');
    const known = { sign: square ? 'notNegative' : 'any' } as const;
    return this.#infix('*', first, second, [product, product, sign], known);
  }

  div(a: Expression, b: Expression): Expression {
    return numberOf(b) === 1 ? a : this.ratio(a, b);
  }

  /** A quotient by what is not 0. */
  ratio(a: Expression, b: Expression): Expression {
    const divisor = numberOf(b);
    const safe = b.sign === 'positive' || (divisor !== undefined && divisor !== 0);
    const known = {
      cost: 2,
      sign: a.sign !== 'any' && b.sign !== 'any' ? 'notNegative' : 'any',
      tame: a.tame && b.tame && safe,
    } as const;
    return this.#infix('/', a, b, [product, product, sign], known);
  }

  neg(x: Expression): Expression {
    const number = numberOf(x);
    if (number !== undefined) return this.number(-number);
    return this.all.call(['-', ''], [x], [sign, atom], { tame: x.tame });
  }

  abs(x: Expression): Expression {
    return this.fn('abs', [x], { cost: 1, sign: 'notNegative' });
  }

  exp(x: Expression): Expression {
    return this.fn('exp', [x], { sign: 'notNegative' });
  }

  ln(x: Expression): Expression {
    return this.fn('ln', [x], { tame: x.tame && x.sign === 'positive' });
  }

  /** log(1 + u), to the last digits of small u (Kahan). */
  log1p(u: Expression): Expression {
    const one = this.number(1);
    const w = this.add(one, u);
    const exact = this.mul(this.ln(w), this.ratio(u, this.sub(w, one)));
    const known = {
      tame: u.tame && u.sign !== 'any',
      sign: u.sign === 'any' ? 'any' : 'notNegative',
    } as const;
    return this.choose(this.equal(w, one), u, exact, known);
  }

  sqrt(x: Expression): Expression {
    const tame = x.tame && x.sign !== 'any';
    return this.fn('sqrt', [x], { sign: 'notNegative', tame });
  }

  power(x: Expression, y: Expression): Expression {
    const exponent = numberOf(y);
    if (exponent === 2) return this.mul(x, x);
    if (exponent === 3) return this.mul(this.mul(x, x), x);
    if (exponent === 1) return x;
    if (exponent === 0.5) return this.sqrt(x);
    if (exponent === -1) return this.div(this.number(1), x);
    return this.fn('power', [x, y], { tame: false });
  }

  greatest(a: Expression, b: Expression): Expression {
    const sign = a.sign === 'any' ? b.sign : a.sign;
    return this.fn('greatest', [a, b], { cost: 2, sign });
  }

  least(a: Expression, b: Expression): Expression {
    return this.fn('least', [a, b], { cost: 2 });
  }

  /** Any other function, by its name there. */
  function(name: MathFunction, ...args: Expression[]): Expression {
    const everywhere = !['asin', 'acos', 'tan'].includes(name);
    return this.fn(name, args, { tame: everywhere && args.every((x) => x.tame) });
  }

  less(a: Expression, b: Expression): Expression {
    return this.#infix('<', a, b, [comparison, sum, sum], { truth: true });
  }

  lessEqual(a: Expression, b: Expression): Expression {
    return this.#infix('<=', a, b, [comparison, sum, sum], { truth: true });
  }

  equal(a: Expression, b: Expression): Expression {
    return this.#infix('=', a, b, [comparison, sum, sum], { truth: true });
  }

  both(a: Expression, b: Expression): Expression {
    return this.#infix('AND', a, b, [and, and, comparison], { truth: true });
  }

  choose(condition: Expression, a: Expression, b: Expression, known: Known = {}): Expression {
    if (a === b) return a;
    const signs = [a.sign, b.sign];
    const sign = signs.includes('any')
      ? 'any'
      : signs.includes('notNegative')
        ? 'notNegative'
        : 'positive';
    return this.cases([[condition, a]], b, { sign, ...known });
  }

  /** The first of these whose condition holds. */
  cases(
    options: readonly (readonly [Expression, Expression])[],
    otherwise: Expression,
    known: Known = {},
  ): Expression {
    const pieces = [
      'CASE WHEN ',
      ...options.flatMap((_, i) => [' THEN ', i + 1 < options.length ? ' WHEN ' : ' ELSE ']),
      ' END',
    ];
    const args = [...options.flat(), otherwise];
    const tame = args.every((x) => x.tame);
    return this.all.call(pieces, args, [atom, any], { cost: 2, tame, ...known });
  }

  /** CASE of whole numbers: what stands at x. */
  pick(x: Expression, options: readonly Expression[]): Expression {
    const pieces = [
      'CASE ',
      ...options.slice(1).flatMap((_, i) => [` WHEN ${i} THEN `]),
      ' ELSE ',
      ' END',
    ];
    if (options.length === 1) return options[0];
    const tame = options.every((option) => option.tame);
    return this.all.call(pieces, [x, ...options], [atom, any], { cost: 2, tame });
  }

  /** 1 where it holds, 0 where not. */
  indicator(truth: Expression): Expression {
    const number = this.choose(truth, this.number(1), this.number(0));
    this.#truths.set(number, truth);
    return number;
  }

  not(x: Expression): Expression {
    return this.all.call(['NOT (', ')'], [x], [and, any], { truth: true });
  }

  isNull(x: Expression): Expression {
    return this.all.call(['', ' IS NULL'], [x], [comparison, sum], { truth: true });
  }

  /** x, or what stands for it where it is NULL. */
  orElse(x: Expression, other: Expression): Expression {
    return this.fn('coalesce', [x, other], { cost: 1, tame: x.tame && other.tame });
  }

  /** A text as it is written in a query. */
  literal(text: string): Expression {
    return this.all.call([text], [], [atom], { cost: 0, tame: true });
  }

  floor(x: Expression): Expression {
    return this.fn('floor', [x], { cost: 2 });
  }

  /** A number as the truth that it is not 0. */
  truth(x: Expression): Expression {
    const truth = x.truth ? x : this.#truths.get(x);
    if (truth !== undefined) return truth;
    return this.all.call(['', ' <> ', ''], [x, this.number(0)], [comparison, sum], { truth: true });
  }
}

/** Terms that are added one after the other without parentheses. */
const mostInARow = 64;

export type MathFunction =
  | 'sign'
  | 'tanh'
  | 'sinh'
  | 'cosh'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'atan2';
