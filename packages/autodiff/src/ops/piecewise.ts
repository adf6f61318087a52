import type { Binary, Composed, Unary } from '../primitive/definition.ts';
import { atom, bracketed, call } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { locallyConstant } from '../primitive/primitive.ts';
import { inputsOf } from '../primitive/term.ts';
import type { Operand } from '../values/operand.ts';
import { neg } from './arithmetic.ts';
import { stopGradient } from './choice.ts';
import { greater } from './comparison.ts';
import { column, columns } from './samples.ts';

const aroundZero = [column(-2, -0.5, 0.5, 3)];
const apart = [columns([0.5, -2, 1], [0.7, -3, 0.2])];

/** −1, 0 or 1; its derivative counts as 0 everywhere. `sign(x)` */
export const sign: Unary = op({
  name: 'sign',
  print: call('sign'),
  entry: (x) => (x > 0 ? 1 : x < 0 ? -1 : x),
  slopes: [0],
  samples: aroundZero,
});

/** |x|; its derivative at 0 is 0. `sum(abs(w))` */
export const abs: Unary = op({
  name: 'abs',
  print: {
    text: call('abs').text,
    latex: ({ text }) => atom(bracketed('\\lvert ', text, '\\rvert ')),
  },
  entry: Math.abs,
  slopes: [(_, x) => sign(x)],
  simplify: {
    exact: (x) => {
      if (inputsOf(x, abs.primitive) !== undefined) return x;
      const inner = inputsOf(x, neg.primitive);
      return inner && abs(inner[0]);
    },
  },
  samples: aroundZero,
});

/** max(x, 0); its derivative at 0 is 0. `relu(add(matmul(x, w), b))` */
export const relu: Unary = op({
  name: 'relu',
  entry: (x) => Math.max(x, 0),
  slopes: [(_, x) => stopGradient(greater(x, 0))],
  simplify: { exact: (x) => (inputsOf(x, relu.primitive) === undefined ? undefined : x) },
  samples: aroundZero,
});

/** The share of a in max(a, b): 1 where it is larger, ½ at a tie. */
export const share: Binary = op({
  name: 'share',
  entry: (a, b) => (a > b ? 1 : a === b ? 0.5 : a < b ? 0 : Number.NaN),
  slopes: [locallyConstant, locallyConstant],
  samples: apart,
});

/** The larger of two entries; at a tie both get half of the derivative. `maximum(a, b)` */
export const maximum: Binary = op({
  name: 'maximum',
  print: call('maximum', '\\max'),
  entry: (a, b) => Math.max(a, b),
  slopes: [(_, a, b) => share(a, b), (_, a, b) => share(b, a)],
  simplify: { exact: (a, b) => (a === b ? a : undefined) },
  samples: apart,
});

/** The smaller of two entries; at a tie both get half of the derivative. `minimum(a, b)` */
export const minimum: Binary = op({
  name: 'minimum',
  print: call('minimum', '\\min'),
  entry: (a, b) => Math.min(a, b),
  slopes: [(_, a, b) => share(b, a), (_, a, b) => share(a, b)],
  simplify: { exact: (a, b) => (a === b ? a : undefined) },
  samples: apart,
});

/** x limited to [low, high]; half a derivative exactly at a limit. `clip(x, -1, 1)` */
export const clip = ((x: Operand, low: Operand, high: Operand) => {
  if (typeof low === 'number' && typeof high === 'number' && !(low <= high)) {
    throw new RangeError(`clip: the lower limit ${low} is not below the upper limit ${high}`);
  }
  return minimum(maximum(x, low), high);
}) as Composed<[x: number, low: number, high: number]>;
