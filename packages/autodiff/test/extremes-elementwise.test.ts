import { describe, expect, it } from 'vitest';
import {
  abs,
  asin,
  atan,
  atan2,
  cosh,
  exp,
  expm1,
  grad,
  log,
  log1p,
  logSigmoid,
  pow,
  reciprocal,
  sigmoid,
  sinh,
  softplus,
  sqrt,
  square,
  tanh,
  type Value,
  xlogy,
} from '../src/index.ts';
import { column, entries } from './matrices.ts';

const infinite = Number.POSITIVE_INFINITY;
const tiny = 5e-324;

type Row = readonly [x: number, value: number, slope: number];

/** f at x: value and slope, met to 4 units in the last place; what is not finite exactly. */
const elementwise: readonly [name: string, f: (x: Value) => Value, rows: readonly Row[]][] = [
  // log(1 + e⁻⁴⁰) = 4.248354255291589e-18 (mpmath)
  [
    'softplus',
    softplus,
    [
      [800, 800, 1],
      [-800, 0, 0],
      [-40, 4.248354255291589e-18, 4.248354255291589e-18],
      [40, 40, 1],
      [-700, Math.exp(-700), Math.exp(-700)],
      [0, Math.LN2, 0.5],
      [-0, Math.LN2, 0.5],
      [infinite, infinite, 1],
      [-infinite, 0, 0],
      [tiny, Math.LN2, 0.5],
    ],
  ],
  [
    'logSigmoid',
    logSigmoid,
    [
      [800, -0, 0],
      [-800, -800, 1],
      [40, -4.248354255291589e-18, 4.248354255291589e-18],
      [-40, -40, 1],
      [0, -Math.LN2, 0.5],
      [-infinite, -infinite, 1],
      [infinite, -0, 0],
    ],
  ],
  [
    'sigmoid',
    sigmoid,
    [
      [800, 1, 0],
      [-800, 0, 0],
      [-40, 4.248354255291589e-18, 4.248354255291589e-18],
      [40, 1, 4.248354255291589e-18],
      [0, 0.5, 0.25],
      [infinite, 1, 0],
      [-infinite, 0, 0],
      [-740, Math.exp(-740), Math.exp(-740)],
    ],
  ],
  [
    'tanh',
    tanh,
    [
      // 1/cosh²(20) = 1.6993417021166355e-17 (mpmath)
      [20, 1, 1.6993417021166355e-17],
      [-20, -1, 1.6993417021166355e-17],
      [800, 1, 0],
      [-800, -1, 0],
      [0, 0, 1],
      [-0, -0, 1],
      [infinite, 1, 0],
      [tiny, tiny, 1],
    ],
  ],
  [
    'expm1',
    expm1,
    [
      [1e-12, 1.0000000000005e-12, 1.000000000001],
      [-800, -1, 0],
      [800, infinite, infinite],
      [0, 0, 1],
      [tiny, tiny, 1],
    ],
  ],
  [
    'log1p',
    log1p,
    [
      [1e-12, 9.999999999995e-13, 0.999999999999],
      [-1, -infinite, infinite],
      [0, 0, 1],
      [-0, -0, 1],
      [tiny, tiny, 1],
      [infinite, infinite, 0],
    ],
  ],
  [
    'exp',
    exp,
    [
      [800, infinite, infinite],
      [-800, 0, 0],
      [-745, 5e-324, 5e-324],
      [-infinite, 0, 0],
      [0, 1, 1],
    ],
  ],
  [
    'log',
    log,
    [
      [0, -infinite, infinite],
      [1, 0, 1],
      [infinite, infinite, 0],
      [tiny, Math.log(tiny), infinite],
      [1e308, Math.log(1e308), 1e-308],
    ],
  ],
  [
    'sqrt',
    sqrt,
    [
      [0, 0, infinite],
      [infinite, infinite, 0],
      [1e-300, 1e-150, 5e149],
      [4, 2, 0.25],
    ],
  ],
  [
    'reciprocal',
    reciprocal,
    [
      [infinite, 0, 0],
      [1e200, 1e-200, -0],
      [0, infinite, -infinite],
    ],
  ],
  [
    'square',
    square,
    [
      [1e200, infinite, 2e200],
      [-1e-200, 0, -2e-200],
      [0, 0, 0],
    ],
  ],
  [
    'abs',
    abs,
    [
      [-infinite, infinite, -1],
      [-tiny, tiny, -1],
      [-0, 0, 0],
    ],
  ],
  [
    'sinh',
    sinh,
    [
      [800, infinite, infinite],
      [-800, -infinite, infinite],
      [tiny, tiny, 1],
      [0, 0, 1],
    ],
  ],
  [
    'cosh',
    cosh,
    [
      [800, infinite, infinite],
      [-800, infinite, -infinite],
      [0, 1, 0],
    ],
  ],
  [
    'asin',
    asin,
    [
      [1, Math.PI / 2, infinite],
      [-1, -Math.PI / 2, infinite],
      [0, 0, 1],
    ],
  ],
  [
    'atan',
    atan,
    [
      [infinite, Math.PI / 2, 0],
      [1e200, Math.PI / 2, 0],
      [0, 0, 1],
    ],
  ],
  [
    'pow 3',
    (x) => pow(x, 3),
    [
      [0, 0, 0],
      [-2, -8, 12],
      [-0, -0, 0],
      [-infinite, -infinite, infinite],
      [1e150, infinite, 3e300],
    ],
  ],
  [
    'pow 2',
    (x) => pow(x, 2),
    [
      [0, 0, 0],
      [-3, 9, -6],
      [-infinite, infinite, -infinite],
    ],
  ],
  [
    'pow 1',
    (x) => pow(x, 1),
    [
      [0, 0, 1],
      [-2, -2, 1],
    ],
  ],
  [
    'pow 0',
    (x) => pow(x, 0),
    [
      [0, 1, 0],
      [-2, 1, 0],
      [infinite, 1, 0],
    ],
  ],
  [
    'pow −1',
    (x) => pow(x, -1),
    [
      [0, infinite, -infinite],
      [-2, -0.5, -0.25],
      [infinite, 0, 0],
    ],
  ],
  [
    'pow ½',
    (x) => pow(x, 0.5),
    [
      [0, 0, infinite],
      [4, 2, 0.25],
    ],
  ],
  [
    '2^x',
    (x) => pow(2, x),
    [
      [0, 1, Math.LN2],
      [-2000, 0, 0],
      [10, 1024, 1024 * Math.LN2],
    ],
  ],
  ['0^x', (x) => pow(0, x), [[2, 0, 0]]],
  [
    'x log x',
    (x) => xlogy(x, x),
    [
      [0, 0, -infinite],
      [1, 0, 1],
      [2, 2 * Math.LN2, 1 + Math.LN2],
    ],
  ],
  [
    'atan2(x, 0)',
    (x) => atan2(x, 0),
    [
      [1, Math.PI / 2, 0],
      [-1, -Math.PI / 2, 0],
    ],
  ],
  [
    'atan2(x, −1)',
    (x) => atan2(x, -1),
    [
      [0, Math.PI, -1],
      [-0, -Math.PI, -1],
    ],
  ],
];

function near(found: number, expected: number, what: string): void {
  if (!Number.isFinite(expected)) expect(found, what).toBe(expected);
  else
    expect(Math.abs(found - expected), `${what}: ${found} for ${expected}`).toBeLessThanOrEqual(
      4 * Number.EPSILON * Math.abs(expected) + tiny,
    );
}

describe('elementwise operations at extremes', () => {
  for (const [name, f, rows] of elementwise) {
    it(`${name} has the right value and slope`, () => {
      for (const [x, value, slope] of rows) {
        near(entries(f(column(x)))[0], value, `${name}(${x})`);
        near(grad(f)(x), slope, `${name}′(${x})`);
      }
    });
    it(`${name} passes NaN on, unless it is constant`, () => {
      const [value] = entries(f(column(Number.NaN)));
      if (name === 'pow 0') expect(value).toBe(1);
      else expect(value).toBeNaN();
    });
  }
});
