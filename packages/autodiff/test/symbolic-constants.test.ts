import { describe, expect, it } from 'vitest';
import {
  FlatMatrix,
  gather,
  grad,
  matmul,
  mul,
  record,
  reshape,
  shaped,
  slice,
  sub,
  sum,
  type Value,
} from '../src/index.ts';

const vector = shaped(3, 1);
const matrix = shaped(3, 3);

describe('constants and shapes', () => {
  it('print literally where small, by size where large', () => {
    const A = new FlatMatrix(2, 2, [1, 2, 3, 4]);
    expect(record((x: Value) => matmul(A, x))(shaped(2, 1)).toString()).toBe('[1, 2; 3, 4] @ x');
    const large = FlatMatrix.from1DArray(
      10,
      10,
      Array.from({ length: 100 }, (_, k) => k),
    );
    const text = record((x: Value) => matmul(large, x))(shaped(10, 1)).toString();
    expect(text).toBe('const(10×10) @ x');
    expect(record(grad((x: Value) => sum(x)))(shaped(10, 10)).toString()).toBe('ones(10×10)');
    expect(record((x: Value) => mul(1 / 3, x))(1).toString()).toBe('0.333333 * x');
  });

  it('print what an operation depends on beside its operands', () => {
    const f = (x: Value) => [
      sum(x, { axis: 0 }),
      slice(x, [0, 1], [1, 3]),
      reshape(x, [1, 9]),
      gather(x, [2, 0, 2]),
    ];
    expect(record(f)(matrix).toString()).toMatchInlineSnapshot(`
      "[0] = sum(x, axis 0)
      [1] = x[0:1, 1:3]
      [2] = reshape(x, 1×9)
      [3] = gather[indices (2, 0, 2)](x)"
    `);
  });

  it('do not print the stretching of a number', () => {
    const f = (x: Value, s: Value) => mul(sub(x, s), 2);
    expect(record(grad((x: Value, s: Value) => sum(mul(f(x, s), s))))(vector, 1).toString()).toBe(
      'broadcastTo(2 * y, 3×1)',
    );
  });
});
