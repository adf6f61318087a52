import {
  abs,
  acos,
  add,
  asin,
  atan,
  atan2,
  cos,
  cosh,
  div,
  equal,
  exp,
  expm1,
  greater,
  greaterEqual,
  innerOperations,
  less,
  lessEqual,
  log,
  log1p,
  logSigmoid,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  reciprocal,
  relu,
  sigmoid,
  sign,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  sub,
  tan,
  tanh,
  where,
  xlogy,
} from '@steepest/autodiff';
import type { Expression } from '../expression/expression.ts';
import type { MathFunction, Words } from '../expression/words.ts';
import type { Sql, Written } from './operation.ts';

type Entry = NonNullable<Sql['entry']>;
const entry = (entry: Entry): Sql => ({ entry });
const called = (name: MathFunction): Sql => entry((e, ...x) => e.function(name, ...x));

// max(x, 0) + log(1 + e^−|x|): nothing overflows, whatever x is.
const softplusOf: Entry = (e, x) =>
  e.add(e.greatest(x, e.number(0)), e.log1p(e.exp(e.neg(e.abs(x)))));

// 1/(1 + e^−x) is exact on both sides: where e^−x overflows, the result is 0.
const sigmoidOf: Entry = (e, x) => e.div(e.number(1), e.add(e.number(1), e.exp(e.neg(x))));

// An exact zero wins over NaN and infinity, which cannot be where both factors are tame.
const zeroSafe: Entry = (e, a, b) => {
  if (a.tame && b.tame) return e.mul(a, b);
  const zero = e.number(0);
  const guarded = [a, b].filter((x) => !x.tame).length === 2 ? [a, b] : [a.tame ? a : b];
  return e.cases(
    guarded.map((x) => [e.equal(x, zero), zero] as const),
    e.mul(a, b),
  );
};

// e^x − 1 = 2t/(1 − t) with t = tanh(x/2), where the difference would lose digits.
const expm1Of: Entry = (e, x) => {
  const one = e.number(1);
  const t = e.function('tanh', e.mul(e.number(0.5), x));
  const near = e.div(e.mul(e.number(2), t), e.sub(one, t));
  return e.choose(e.less(e.abs(x), one), near, e.sub(e.exp(x), one), { tame: x.tame });
};

const xlogyOf: Entry = (e, x, y) => {
  const zero = e.number(0);
  return e.choose(e.equal(x, zero), zero, e.mul(x, e.ln(y)));
};

const shareOf: Entry = (e, a, b) =>
  e.cases(
    [
      [e.less(b, a), e.number(1)],
      [e.equal(a, b), e.number(0.5)],
    ],
    e.number(0),
  );

// x/‖x‖, and 0 where x is.
const shareOfNormOf: Entry = (e, x, length) => {
  const zero = e.number(0);
  return e.choose(e.equal(x, zero), zero, e.div(x, length), { tame: x.tame });
};

const comparison = (compare: (e: Words, a: Expression, b: Expression) => Expression): Sql =>
  entry((e, a, b) => e.indicator(compare(e, a, b)));

/** Operations that compute each entry from the entries at the same place. */
export const elementwise: readonly Written[] = [
  [add, entry((e, a, b) => e.add(a, b))],
  [sub, entry((e, a, b) => e.sub(a, b))],
  [mul, entry((e, a, b) => e.mul(a, b))],
  [div, entry((e, a, b) => e.div(a, b))],
  [innerOperations.product, entry(zeroSafe)],
  [neg, entry((e, x) => e.neg(x))],
  [square, entry((e, x) => e.mul(x, x))],
  [reciprocal, entry((e, x) => e.div(e.number(1), x))],
  [sqrt, entry((e, x) => e.sqrt(x))],
  [pow, entry((e, x, y) => e.power(x, y))],
  [abs, entry((e, x) => e.abs(x))],
  [sign, called('sign')],
  [relu, entry((e, x) => e.greatest(x, e.number(0)))],
  [maximum, entry((e, a, b) => e.greatest(a, b))],
  [minimum, entry((e, a, b) => e.least(a, b))],
  [innerOperations.share, entry(shareOf)],
  [innerOperations.shareOfNorm, entry(shareOfNormOf)],
  [where, entry((e, condition, a, b) => e.choose(e.truth(condition), a, b))],
  [greater, comparison((e, a, b) => e.less(b, a))],
  [greaterEqual, comparison((e, a, b) => e.lessEqual(b, a))],
  [less, comparison((e, a, b) => e.less(a, b))],
  [lessEqual, comparison((e, a, b) => e.lessEqual(a, b))],
  [equal, comparison((e, a, b) => e.equal(a, b))],
  [exp, entry((e, x) => e.exp(x))],
  [expm1, entry(expm1Of)],
  [log, entry((e, x) => e.ln(x))],
  [log1p, entry((e, x) => e.log1p(x))],
  [xlogy, entry(xlogyOf)],
  [sigmoid, entry(sigmoidOf)],
  [softplus, entry(softplusOf)],
  [logSigmoid, entry((e, x) => e.neg(softplusOf(e, e.neg(x))))],
  [tanh, called('tanh')],
  [sinh, called('sinh')],
  [cosh, called('cosh')],
  [sin, called('sin')],
  [cos, called('cos')],
  [tan, called('tan')],
  [asin, called('asin')],
  [acos, called('acos')],
  [atan, called('atan')],
  [atan2, called('atan2')],
];
