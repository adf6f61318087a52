import { describe, expect, it } from 'vitest';
import {
  add,
  broadcastTo,
  concat,
  div,
  exp,
  FlatMatrix,
  grad,
  greater,
  log,
  matmul,
  matmulLeft,
  maximum,
  mean,
  mul,
  neg,
  pow,
  reciprocal,
  record,
  reshape,
  type Simplify,
  shaped,
  square,
  sub,
  sum,
  transpose,
  type Value,
  where,
} from '../src/index.ts';
import { product } from '../src/ops/product.ts';

const matrix = shaped(2, 2);

function printed(f: (x: Value, y: Value) => Value, simplify: Simplify = 'algebraic'): string {
  return record(f, { simplify })(matrix, matrix).toString();
}

describe('algebraic simplification', () => {
  it('drops what changes nothing', () => {
    for (const f of [
      (x: Value) => add(x, 0),
      (x: Value) => add(0, x),
      (x: Value) => sub(x, 0),
      (x: Value) => mul(x, 1),
      (x: Value) => div(x, 1),
      (x: Value) => neg(neg(x)),
      (x: Value) => pow(x, 1),
      (x: Value) => mul(2, mul(0.5, x)),
      (x: Value) => log(exp(x)),
      (x: Value) => transpose(transpose(x)),
      (x: Value) => reshape(reshape(x, [4, 1]), [2, 2]),
      (x: Value) => broadcastTo(x, [2, 2]),
      (x: Value) => reciprocal(reciprocal(x)),
      (x: Value) => sub(add(x, 3), 3),
      (x: Value) => concat([x]),
      (x: Value) => maximum(x, x),
      (x: Value) => where(1, x, 0),
      (x: Value) => product(x, 1),
    ]) {
      expect(printed(f)).toBe('x');
    }
  });

  it('computes what does not depend on the inputs', () => {
    for (const f of [
      (x: Value) => sub(x, x),
      (x: Value) => mul(x, 0),
      (x: Value) => div(0, x),
      (x: Value) => product(0, x),
      (x: Value) => sub(mul(2, x), add(x, x)),
    ]) {
      expect(printed(f)).toBe('[0, 0; 0, 0]');
    }
    expect(printed((x) => pow(x, 0))).toBe('[1, 1; 1, 1]');
    expect(printed((x) => div(x, x))).toBe('[1, 1; 1, 1]');
    expect(record((x: Value) => add(x, mul(2, add(1, 2))))(1).toString()).toBe('x + 6');
  });

  it('moves signs and constants to the front, where they meet', () => {
    expect(printed((x, y) => mul(neg(x), y))).toBe('-x * y');
    expect(printed((x, y) => mul(neg(x), neg(y)))).toBe('x * y');
    expect(printed((x, y) => mul(mul(x, 2), mul(y, 3)))).toBe('6 * x * y');
    expect(printed((x) => mul(3, mul(2, x)))).toBe('6 * x');
    expect(printed((x) => div(mul(6, x), 3))).toBe('2 * x');
    expect(printed((x) => neg(mul(2, x)))).toBe('-2 * x');
    expect(printed((x, y) => add(x, neg(y)))).toBe('x - y');
    expect(printed((x, y) => sub(x, neg(y)))).toBe('x + y');
    expect(printed((x, y) => add(neg(x), y))).toBe('y - x');
    expect(printed((x, y) => neg(sub(x, y)))).toBe('y - x');
    expect(printed((x) => add(x, -2))).toBe('x - 2');
    expect(printed((x) => add(1, add(x, 2)))).toBe('x + 3');
  });

  it('collects like terms and powers', () => {
    expect(printed((x) => add(x, x))).toBe('2 * x');
    expect(printed((x) => add(mul(2, x), x))).toBe('3 * x');
    expect(printed((x, y) => sub(mul(2, x), mul(2, y)))).toBe('2 * (x - y)');
    expect(printed((x) => mul(x, x))).toBe('x^2');
    expect(printed((x) => mul(x, square(x)))).toBe('x^3');
    expect(printed((x) => pow(pow(x, 3), 2))).toBe('x^6');
    expect(printed((x) => pow(pow(x, 2), 0.5))).toBe('abs(x)');
    expect(printed((x) => square(mul(3, x)))).toBe('9 * x^2');
  });

  it('writes quotients', () => {
    expect(printed((x, y) => mul(x, reciprocal(y)))).toBe('x / y');
    expect(printed((x, y) => div(div(x, y), y))).toBe('x / y^2');
    expect(printed((x, y) => div(x, div(x, y)))).toBe('x * y / x');
    expect(printed((x) => div(1, x))).toBe('1 / x');
    expect(printed((x) => div(2, mul(4, x)))).toBe('0.5 / x');
  });

  it('takes numbers out of sums and matrix products', () => {
    expect(printed((x) => sum(mul(2, x)))).toBe('2 * sum(x)');
    expect(printed((x) => mean(neg(x)))).toBe('-mean(x)');
    expect(printed((x) => sum(sum(x, { axis: 0 })))).toBe('sum(x)');
    expect(printed((x, y) => matmul(mul(2, x), neg(y)))).toBe('-2 * x @ y');
    expect(record((s: Value) => sum(broadcastTo(s, [2, 3])))(1).toString()).toBe('6 * x');
    expect(record((s: Value) => mean(broadcastTo(s, [2, 3])))(1).toString()).toBe('x');
    expect(
      record((r: Value) => sum(broadcastTo(r, [4, 3]), { axis: 0 }))(shaped(1, 3)).toString(),
    ).toBe('4 * x');
  });

  it('leaves transposes to the matrix product', () => {
    expect(printed((x, y) => matmul(transpose(x), y))).toBe('xᵀ @ y');
    expect(printed((x, y) => matmul(x, transpose(y)))).toBe('x @ yᵀ');
    expect(printed((x, y) => transpose(matmulLeft(x, y)))).toBe('yᵀ @ x');
    expect(record((x: Value, y: Value) => matmul(transpose(x), y))(matrix, matrix).operations).toBe(
      1,
    );
  });

  it('keeps the shape where a 0 or 1 stretches', () => {
    const column = shaped(2, 1);
    const ones = new FlatMatrix(2, 2, [1, 1, 1, 1]);
    const zeros = new FlatMatrix(2, 2);
    for (const f of [
      (x: Value) => mul(x, ones),
      (x: Value) => add(x, zeros),
      (x: Value) => mul(x, zeros),
      (x: Value) => div(x, ones),
      (x: Value) => div(ones, x),
      (x: Value) => product(ones, x),
      (x: Value) => pow(x, zeros),
      (x: Value) => where(ones, x, zeros),
      (x: Value) => add(mul(ones, x), x),
    ]) {
      const at = new FlatMatrix(2, 1, [3, 4]);
      expect(record(f)(column).evaluate(at).to2DArray()).toEqual(
        record(f, { simplify: false })(column).evaluate(at).to2DArray(),
      );
    }
  });

  it('does not give up the zero that where and product guarantee', () => {
    const f = (x: Value) => where(greater(x, 0), log(x), 0);
    const graph = record(grad(f))(1);
    expect(graph.evaluate(0).data[0]).toBe(0);
    expect(graph.evaluate(2).data[0]).toBe(0.5);
  });
});

describe('without simplification', () => {
  it('an expression is printed as it was computed', () => {
    expect(printed((x) => add(mul(x, 1), 0), false)).toBe('x * 1 + 0');
    expect(printed((x) => add(neg(neg(x)), x), false)).toBe('-(-x) + x');
  });
});

describe('exact simplification', () => {
  it('leaves alone what overflow, NaN or rounding could tell apart', () => {
    for (const [f, text] of [
      [(x: Value) => mul(x, 0), 'x * 0'],
      [(x: Value) => sub(x, x), 'x - x'],
      [(x: Value) => mul(2, mul(0.5, x)), '2 * 0.5 * x'],
      [(x: Value) => add(x, 0), 'x + 0'],
      [(x: Value) => log(exp(x)), 'log(exp(x))'],
    ] as const) {
      expect(printed(f, 'exact')).toBe(text);
    }
  });

  it('drops what no number can tell apart', () => {
    for (const f of [
      (x: Value) => mul(1, x),
      (x: Value) => sub(x, 0),
      (x: Value) => neg(neg(x)),
      (x: Value) => pow(x, 1),
      (x: Value) => where(0, 1, x),
      (x: Value) => transpose(transpose(x)),
    ]) {
      expect(printed(f, 'exact')).toBe('x');
    }
  });
});
