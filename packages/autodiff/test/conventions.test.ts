import { describe, expect, it } from 'vitest';
import {
  abs,
  clip,
  concat,
  div,
  dot,
  exp,
  FlatMatrix,
  grad,
  greater,
  hessian,
  jvp,
  log,
  matmul,
  matmulLeft,
  matmulRight,
  max,
  maximum,
  min,
  minimum,
  mul,
  norm,
  pow,
  reciprocal,
  record,
  relu,
  sign,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  transpose,
  type Value,
  where,
  xlogy,
} from '../src/index.ts';
import { column, entries } from './matrices.ts';

type Case = readonly [
  claim: string,
  f: (x: Value) => Value,
  x: readonly number[],
  gradient: readonly number[],
];

const infinite = Number.POSITIVE_INFINITY;

const none = column(0, 1);
const endless = column(infinite, 1);

const wide = (x: Value) => concat([x, column(0, 0)], { axis: 1 });

/** Σ aᵢbᵢ by operations that are linear in both; an entry with 0 · ∞ in its sum is one of several. */
const bilinear: readonly (readonly [string, (a: Value, b: Value) => Value])[] = [
  ['mul', (a, b) => sum(mul(a, b))],
  ['dot', (a, b) => dot(a, b)],
  ['matmul', (a, b) => matmul(transpose(a), b)],
  ['matmulLeft', (a, b) => matmulLeft(a, b)],
  ['matmulRight', (a, b) => matmulRight(transpose(a), transpose(b))],
  ['matmul of squares', (a, b) => sum(matmul(transpose(wide(a)), wide(b)))],
  ['matmulLeft of squares', (a, b) => sum(matmulLeft(wide(a), wide(b)))],
  ['matmulRight of squares', (a, b) => sum(matmulRight(transpose(wide(a)), transpose(wide(b))))],
];

/** Where a derivative does not exist, or would come out as 0 · ∞: what the library says. */
const conventions: readonly Case[] = [
  ['relu′(0) = 0', (x) => sum(relu(x)), [0, -0, 1, -1], [0, 0, 1, 0]],
  ['|x|′(0) = 0', (x) => sum(abs(x)), [0, -0, 2, -2], [0, 0, 1, -1]],
  ['sign′ = 0', (x) => sum(sign(x)), [0, 2, -3], [0, 0, 0]],
  ['maximum shares a tie', (x) => sum(maximum(x, 2)), [2, 3, 1], [0.5, 1, 0]],
  ['minimum shares a tie', (x) => sum(minimum(2, x)), [2, 3, 1], [0.5, 0, 1]],
  ['maximum(x, x) is x', (x) => sum(maximum(x, x)), [2, -1], [1, 1]],
  ['max shares among all that tie', (x) => max(x), [3, 3, 1, 3], [1 / 3, 1 / 3, 0, 1 / 3]],
  ['min shares among all that tie', (x) => min(x), [1, 3, 1], [0.5, 0, 0.5]],
  ['max of infinities shares', (x) => max(x), [infinite, 1, infinite], [0.5, 0, 0.5]],
  ['clip halves at a limit', (x) => sum(clip(x, -1, 1)), [-2, -1, 0, 1, 2], [0, 0.5, 1, 0.5, 0]],
  ['‖x‖′(0) = 0', (x) => norm(x), [0, 0], [0, 0]],
  ['‖x‖² is smooth at 0', (x) => square(norm(x)), [0, 0], [0, 0]],
  ['where keeps out log 0', (x) => sum(where(greater(x, 0), log(x), 0)), [0, 2, -1], [0, 0.5, 0]],
  ['where keeps out 1/0', (x) => sum(where(greater(x, 0), reciprocal(x), 0)), [0, 2], [0, -0.25]],
  ['where keeps out 0/0', (x) => sum(where(greater(x, 0), div(x, x), 0)), [0, 2], [0, 0]],
  ['where keeps out √0', (x) => sum(where(greater(x, 0), sqrt(x), 0)), [0, 4], [0, 0.25]],
  ['where keeps out √(−1)', (x) => sum(where(greater(x, 0), sqrt(x), 0)), [-1, 4], [0, 0.25]],
  ['where keeps out 0^−1', (x) => sum(where(greater(x, 0), pow(x, -1), 0)), [0, 2], [0, -0.25]],
  [
    'where keeps out ∞ − ∞',
    (x) => sum(where(greater(700, x), sub(exp(x), exp(x)), x)),
    [1, 999],
    [0, 1],
  ],
  [
    'where keeps out log(√x)',
    (x) => sum(where(greater(x, 0), log(sqrt(x)), 0)),
    [0, 4],
    [0, 0.125],
  ],
  [
    'where keeps out the other side, too',
    (x) => sum(where(greater(1, x), x, log(sub(x, 1)))),
    [1, 0, 3],
    [infinite, 1, 0.5],
  ],
  ['stopGradient stops', (x) => sum(mul(stopGradient(x), x)), [2, 3], [2, 3]],
  ['√′(0) = ∞', (x) => sum(sqrt(x)), [0], [infinite]],
  ['log′(0) = ∞', (x) => sum(log(x)), [0], [infinite]],
  ['x² by pow at 0', (x) => sum(pow(x, 2)), [0, -0, -3], [0, 0, -6]],
  ['x¹ by pow at 0', (x) => sum(pow(x, 1)), [0, -2], [1, 1]],
  ['x⁰ by pow at 0', (x) => sum(pow(x, 0)), [0, -2], [0, 0]],
  ['x^½ by pow at 0', (x) => sum(pow(x, 0.5)), [0], [infinite]],
  ['xlogy(x, x) at 1', (x) => sum(xlogy(x, x)), [1, 2], [1, 1 + Math.log(2)]],
  ['xlogy(0, y) is constant in y', (x) => sum(xlogy(0, x)), [0, 2], [0, 0]],
  ...bilinear.flatMap(([name, f]): Case[] => [
    [`0 · log x is constant in ${name}`, (x) => f(none, log(x)), [0, 2], [0, 0.5]],
    [`0 · √x is constant in ${name}, turned round`, (x) => f(sqrt(x), none), [0, 4], [0, 0.25]],
    [`∞ · 0 is no change in ${name}`, (x) => f(endless, x), [3, 2], [infinite, 1]],
  ]),
];

/** −0 and 0 are the same answer. */
function unsigned(values: readonly number[]): number[] {
  return values.map((x) => x + 0);
}

function forward(f: (x: Value) => Value, x: FlatMatrix): number[] {
  return entries(x).map((_, k) => {
    const unit = new FlatMatrix(x.rows, x.columns);
    unit.data[k] = 1;
    return entries(jvp(f)(x, unit).tangent)[0];
  });
}

describe('at kinks and singular points', () => {
  for (const [claim, f, at, expected] of conventions) {
    const x = column(...at);
    it(`${claim}, in reverse mode`, () => {
      expect(unsigned(entries(grad(f)(x)))).toEqual(expected);
    });
    it(`${claim}, in forward mode`, () => {
      expect(unsigned(forward(f, x))).toEqual(expected);
      const along = entries(jvp(f)(x, column(...at.map(() => 1))).tangent)[0];
      expect(along).toBeCloseTo(
        expected.reduce((a, b) => a + b),
        15,
      );
    });
    for (const simplify of [false, 'exact'] as const) {
      it(`${claim}, in symbolic mode with simplify ${simplify}`, () => {
        const graph = record((at: Value) => grad(f)(at), { simplify })(x);
        expect(unsigned(entries(graph.evaluate(x)))).toEqual(expected);
      });
    }
  }

  const flat: readonly Case[] = [
    ['relu″(0) = 0', (x) => sum(relu(x)), [0], [0]],
    ['(relu²)″(0) = 0', (x) => sum(square(relu(x))), [0, 1], [0, 2]],
    ['|x|″(0) = 0', (x) => sum(abs(x)), [0], [0]],
    [
      'where keeps out the second derivative of log 0',
      (x) => sum(where(greater(x, 0), log(x), 0)),
      [0, 2],
      [0, -0.25],
    ],
    [
      'where keeps out the second derivative of √0',
      (x) => sum(where(greater(x, 0), sqrt(x), 0)),
      [0, 4],
      [0, -1 / 32],
    ],
    ['x³ by pow at 0', (x) => sum(pow(x, 3)), [0, -1], [0, -6]],
    ['x² by pow at 0', (x) => sum(pow(x, 2)), [0], [2]],
    ['x¹ by pow at 0', (x) => sum(pow(x, 1)), [0], [0]],
    ['square at 0', (x) => sum(square(x)), [0], [2]],
  ];
  for (const [claim, f, at, diagonal] of flat) {
    it(claim, () => {
      const found = hessian(f)(column(...at));
      const expected = diagonal.flatMap((d, i) => diagonal.map((_, j) => (i === j ? d : 0)));
      expect(unsigned(entries(found))).toEqual(expected);
    });
  }

  it('at a tie between two operands gives each half', () => {
    const both = grad((p: { a: Value; b: Value }) => maximum(p.a, p.b))({ a: 2, b: 2 });
    expect(both).toEqual({ a: 0.5, b: 0.5 });
    expect(grad((p: { a: Value; b: Value }) => minimum(p.a, p.b))({ a: 2, b: 2 })).toEqual(both);
  });
});
