import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  add,
  compareModes,
  exp,
  type FlatMatrix,
  item,
  log,
  matmul,
  neg,
  sqrt,
  square,
  squaredError,
  sum,
  type Value,
} from '../src/index.ts';
import { closeTo, column, matrix } from './matrices.ts';

const X = matrix([
  [1, 2],
  [-0.5, 3],
  [4, -1],
]);
const y = column(1, -1, 0.5);

describe('compareModes', () => {
  it('puts one function through every mode', () => {
    const loss = (p: { w: Value; b: number }, inputs: Value, targets: Value) =>
      squaredError(add(matmul(inputs, p.w), p.b), targets);
    const found = compareModes(loss)({ w: column(0.3, -0.2), b: 0.1 }, X, y);
    expectTypeOf(found.gradients.reverse).toEqualTypeOf<{ w: FlatMatrix; b: number }>();
    expect(found.largestDisagreement).toBeLessThan(1e-13);
    expect(found.numericDisagreement).toBeLessThan(1e-8);
    closeTo(found.gradients.forward.w, found.gradients.reverse.w, 1e-14);
    expect(typeof found.gradients.symbolic?.b).toBe('number');
    expect(found.costs.map(({ mode, passes }) => [mode, passes])).toEqual([
      ['symbolic', 1],
      ['numeric', 6],
      ['forward', 3],
      ['reverse', 1],
    ]);
  });

  it('prints as a table', () => {
    const text = String(compareModes((t: Value) => sum(exp(t)))(y)).replace(/\d+\.\d+ ms/g, '… ms');
    expect(text.split('\n')).toHaveLength(6);
    expect(text).toMatch(
      /^value 4\.73\d+; exact modes agree within 0\.0e\+0\nmode +off reverse by +work +time\n/,
    );
    expect(text).toMatch(/\nnumeric +\d\.\de-\d+ +6 × call of f +… ms\n/);
  });

  it('says why a function that branches has no symbolic gradient', () => {
    const found = compareModes((t: Value) => (item(t) > 0 ? square(t) : neg(t)))(3);
    expect(found.gradients.symbolic).toBeUndefined();
    expect(found.gradients.reverse).toBe(6);
    expect(found.gradients.forward).toBe(6);
    expect(found.largestDisagreement).toBe(0);
    expect(String(found)).toMatch(/symbolic: .*where\(condition, a, b\)/);
  });

  it('says where nothing finite was compared', () => {
    const text = String(compareModes((t: Value) => sum(log(t)))(NaN));
    expect(text).toMatch(/^value NaN; nothing finite was compared: no entry of the gradient/);
    const half = String(compareModes((t: Value) => sum(sqrt(t)))(column(1, NaN)));
    expect(half).toMatch(/^value NaN; exact modes agree within .*, 1 of 2 entries not finite\n/);
  });

  it('asks for a function that returns 1×1', () => {
    expect(() => compareModes((t: Value) => square(t))(y)).toThrow(/compareModes: .*returned 3×1/);
  });
});
