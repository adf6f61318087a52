import type { Binary, Unary } from '../primitive/definition.ts';
import { atom, binding, bracketed, call, latexWithin } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { inputsOf } from '../primitive/term.ts';
import { add, div, reciprocal, square } from './arithmetic.ts';
import { abs } from './piecewise.ts';
import { product } from './product.ts';
import { column, columns } from './samples.ts';

const everywhere = [column(-2.5, -0.3, 0, 0.7, 3)];
const positive = [column(0.2, 0.9, 1, 2.5)];

/** eˣ. `exp(1)` is e. */
export const exp: Unary = op({
  name: 'exp',
  print: {
    text: call('exp').text,
    latex: ({ text }) => ({ text: `e^{${text}}`, binding: binding.power }),
  },
  entry: Math.exp,
  // d(eˣ) = eˣ dx
  slopes: [(y) => y],
  samples: everywhere,
});

/** eˣ − 1, exact for small x. `expm1(1e-12)` */
export const expm1: Unary = op({
  name: 'expm1',
  entry: Math.expm1,
  slopes: [(_, x) => exp(x)],
  samples: everywhere,
});

/** The natural logarithm; −Infinity at 0, NaN below. `log(x)` */
export const log: Unary = op({
  name: 'log',
  print: call('log', '\\log'),
  entry: Math.log,
  // d(log x) = dx/x
  slopes: [(_, x) => reciprocal(x)],
  simplify: { algebraic: (x) => inputsOf(x, exp.primitive)?.[0] },
  remedy:
    'guard the input of log inside where: where(greater(x, 0), log(where(greater(x, 0), x, 1)), 0)',
  samples: positive,
});

/** log(1 + x), exact for small x. `log1p(1e-12)` */
export const log1p: Unary = op({
  name: 'log1p',
  entry: Math.log1p,
  slopes: [(_, x) => reciprocal(add(1, x))],
  remedy: 'guard the input of log1p inside where: it must be greater than −1',
  samples: [column(-0.6, 0, 0.3, 4)],
});

/** √x; its slope at 0 is Infinity. `sqrt(x)` */
export const sqrt: Unary = op({
  name: 'sqrt',
  print: { text: call('sqrt').text, latex: ({ text }) => atom(`\\sqrt{${text}}`) },
  entry: Math.sqrt,
  // d(√x) = dx/(2√x)
  slopes: [(y) => div(0.5, y)],
  simplify: {
    algebraic: (x) => {
      const squared = inputsOf(x, square.primitive);
      return squared && abs(squared[0]);
    },
  },
  remedy: 'guard the input of sqrt inside where: it must not be negative',
  samples: positive,
});

/** x log y, and 0 where x is 0, even at y = 0. `xlogy(p, q)` */
export const xlogy: Binary = op({
  name: 'xlogy',
  print: {
    text: call('xlogy').text,
    latex: (x, y) => ({
      text: `${latexWithin(binding.product, x)} \\log${bracketed('(', y.text, ')')}`,
      binding: binding.product,
    }),
  },
  entry: (x, y) => (x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y)),
  // d(x log y) = log y dx + x/y dy
  slopes: [(_, _x, y) => log(y), (_, x, y) => product(x, reciprocal(y))],
  samples: [columns([0.5, -2, 1], [0.7, 1.5, 3])],
});
