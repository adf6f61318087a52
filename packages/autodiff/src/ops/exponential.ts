import { type Binary, binary, elementwise, type Unary, unary } from '../primitive/elementwise.ts';
import { atom, binding, bracketed, call, latexWithin } from '../primitive/notation.ts';
import type { Primitive } from '../primitive/primitive.ts';
import { inputsOf } from '../primitive/term.ts';
import { add, div, mul, neg, reciprocal, square, squaring } from './arithmetic.ts';
import { abs } from './choice.ts';
import { product } from './product.ts';
import { column, columns } from './samples.ts';

// e^x and e^(−x) never overflow together: the one that is at most 1 is used.
function sigmoidOf(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const small = Math.exp(x);
  return small / (1 + small);
}

// log(1 + e^x) = max(x, 0) + log(1 + e^−|x|)
function softplusOf(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(x > 0 ? -x : x));
}

const everywhere = [column(-2.5, -0.3, 0, 0.7, 3)];
const positive = [column(0.2, 0.9, 1, 2.5)];

// d(eˣ) = eˣ dx
const exponential: Primitive = elementwise({
  name: 'exp',
  print: {
    text: call('exp').text,
    latex: ({ text }) => ({ text: `e^{${text}}`, binding: binding.power }),
  },
  entry: Math.exp,
  slopes: [(y) => y],
  samples: everywhere,
});

const exponentialMinus1 = elementwise({
  name: 'expm1',
  entry: Math.expm1,
  slopes: [(_, x) => exp(x)],
  samples: everywhere,
});

// d(log x) = dx/x
const logarithm = elementwise({
  name: 'log',
  print: call('log', '\\log'),
  entry: Math.log,
  slopes: [(_, x) => reciprocal(x)],
  simplify: { algebraic: (x) => inputsOf(x, exponential)?.[0] },
  samples: positive,
});

const logarithmPlus1 = elementwise({
  name: 'log1p',
  entry: Math.log1p,
  slopes: [(_, x) => reciprocal(add(1, x))],
  samples: [column(-0.6, 0, 0.3, 4)],
});

// d(√x) = dx/(2√x)
const squareRoot = elementwise({
  name: 'sqrt',
  print: { text: call('sqrt').text, latex: ({ text }) => atom(`\\sqrt{${text}}`) },
  entry: Math.sqrt,
  slopes: [(y) => div(0.5, y)],
  simplify: {
    algebraic: (x) => {
      const squared = inputsOf(x, squaring);
      return squared && abs(squared[0]);
    },
  },
  samples: positive,
});

// σ′ = σ(x) σ(−x): 1 − σ(x) would lose all digits for large x.
const logisticFunction = elementwise({
  name: 'sigmoid',
  print: call('sigmoid', '\\sigma'),
  entry: sigmoidOf,
  slopes: [(y, x) => mul(y, sigmoid(neg(x)))],
  samples: everywhere,
});

const softPlus = elementwise({
  name: 'softplus',
  entry: softplusOf,
  slopes: [(_, x) => sigmoid(x)],
  samples: everywhere,
});

// log σ(x) = −softplus(−x)
const logLogistic = elementwise({
  name: 'logSigmoid',
  entry: (x) => -softplusOf(-x),
  slopes: [(_, x) => sigmoid(neg(x))],
  samples: everywhere,
});

const hyperbolicSine = elementwise({
  name: 'sinh',
  print: call('sinh', '\\sinh'),
  entry: Math.sinh,
  slopes: [(_, x) => cosh(x)],
  samples: everywhere,
});

const hyperbolicCosine = elementwise({
  name: 'cosh',
  print: call('cosh', '\\cosh'),
  entry: Math.cosh,
  slopes: [(_, x) => sinh(x)],
  samples: everywhere,
});

// d(tanh x) = dx/cosh² x: 1 − tanh² would lose all digits for large x.
const hyperbolicTangent = elementwise({
  name: 'tanh',
  print: call('tanh', '\\tanh'),
  entry: Math.tanh,
  slopes: [(_, x) => square(reciprocal(cosh(x)))],
  samples: everywhere,
});

// d(x log y) = log y dx + x/y dy
const timesLog = elementwise({
  name: 'xlogy',
  print: {
    text: call('xlogy').text,
    latex: (x, y) => ({
      text: `${latexWithin(binding.product, x)} \\log${bracketed('(', y.text, ')')}`,
      binding: binding.product,
    }),
  },
  entry: (x, y) => (x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y)),
  slopes: [(_, _x, y) => log(y), (_, x, y) => product(x, reciprocal(y))],
  samples: [columns([0.5, -2, 1], [0.7, 1.5, 3])],
});

/** eˣ. `exp(1)` is e. */
export const exp: Unary = unary(exponential);

/** eˣ − 1, exact for small x. `expm1(1e-12)` */
export const expm1: Unary = unary(exponentialMinus1);

/** The natural logarithm; −Infinity at 0, NaN below. `log(x)` */
export const log: Unary = unary(logarithm);

/** log(1 + x), exact for small x. `log1p(1e-12)` */
export const log1p: Unary = unary(logarithmPlus1);

/** √x; its slope at 0 is Infinity. `sqrt(x)` */
export const sqrt: Unary = unary(squareRoot);

/** The logistic function 1/(1 + e⁻ˣ), without overflow. `sigmoid(0)` is ½. */
export const sigmoid: Unary = unary(logisticFunction);

/** log(1 + eˣ), without overflow. `softplus(800)` is 800. */
export const softplus: Unary = unary(softPlus);

/** log(1/(1 + e⁻ˣ)), without overflow. `logSigmoid(-800)` is −800. */
export const logSigmoid: Unary = unary(logLogistic);

/** The hyperbolic sine. `sinh(x)` */
export const sinh: Unary = unary(hyperbolicSine);

/** The hyperbolic cosine. `cosh(x)` */
export const cosh: Unary = unary(hyperbolicCosine);

/** The hyperbolic tangent. `tanh(x)` */
export const tanh: Unary = unary(hyperbolicTangent);

/** x log y, and 0 where x is 0, even at y = 0. `xlogy(p, q)` */
export const xlogy: Binary = binary(timesLog);
