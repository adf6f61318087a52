import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  add,
  checkGrad,
  clip,
  compareModes,
  customDerivative,
  definePrimitive,
  FlatMatrix,
  grad,
  hessian,
  jacobian,
  jvp,
  locallyConstant,
  mul,
  neg,
  numericJacobian,
  type Operation,
  type Parametric,
  record,
  recordOf,
  square,
  sum,
  transpose,
  type Value,
} from '../src/index.ts';
import { closeTo, column, entries } from './matrices.ts';

const x = column(0.5, -1.2);

const cube = definePrimitive({
  name: 'cube',
  entry: (t: number) => t ** 3,
  slopes: [(_, t) => mul(3, square(t))],
});

/** x rolled down by one row: entry i becomes entry i + 1. */
const rolled: Operation<[FlatMatrix]> = definePrimitive({
  name: 'rolled',
  shape: (t) => [t.rows, t.columns],
  value: (t: FlatMatrix) => {
    const { length } = t.data;
    return new FlatMatrix(
      t.rows,
      t.columns,
      t.data.map((_, k) => t.data[(k + length - t.columns) % length]),
    );
  },
  partials: [() => ({ push: (t) => rolled(t), pull: (c) => unrolled(c) })],
});
const unrolled: Operation<[FlatMatrix]> = definePrimitive({
  name: 'unrolled',
  shape: (t) => [t.rows, t.columns],
  value: (t: FlatMatrix) => {
    const { length } = t.data;
    return new FlatMatrix(
      t.rows,
      t.columns,
      t.data.map((_, k) => t.data[(k + t.columns) % length]),
    );
  },
  partials: [() => ({ push: (t) => unrolled(t), pull: (c) => rolled(c) })],
});

describe('definePrimitive', () => {
  it('makes an elementwise operation that works in every mode, to every order', () => {
    const f = (t: Value) => sum(cube(t));
    expect(entries(cube(column(2)))).toEqual([8]);
    expect(compareModes(f)(x).largestDisagreement).toBeLessThan(1e-15);
    closeTo(hessian(f)(x), new FlatMatrix(2, 2, [3, 0, 0, -7.2]), 1e-15);
    expect(grad((t: Value) => grad((s: Value) => grad(cube)(s))(t))(2)).toBe(6);
    expect(String(record(cube)(1))).toBe('cube(x)');
  });

  it('makes any other operation by a push and a pull per input', () => {
    const f = (t: Value) => mul(rolled(t), t);
    closeTo(jacobian(f)(x), numericJacobian(f)(x), 1e-9);
    expect(checkGrad((t: Value) => sum(square(f(t))))(x).passed).toBe(true);
    expect(compareModes((t: Value) => sum(square(f(t))))(x).largestDisagreement).toBeLessThan(
      1e-14,
    );
  });

  it('knows how many operands an operation takes, and that numbers give numbers', () => {
    expectTypeOf(cube(1)).toEqualTypeOf<FlatMatrix>();
    expectTypeOf(cube(x as Value)).toEqualTypeOf<Value>();
    // @ts-expect-error one operand is missing
    expect(() => rolled()).toThrow(
      /^rolled: expected a matrix, a number or an ndarray, got undefined$/,
    );
  });

  it('says what is missing or wrong', () => {
    const value = (t: FlatMatrix) => t;
    const wrong: [object, RegExp][] = [
      [{}, /name must be a string, it is undefined/],
      [{ name: '' }, /name must be a string/],
      [{ name: 'f' }, /f needs shape, a function; it is undefined/],
      [{ name: 'f', shape: () => [1, 1] }, /f needs value/],
      [{ name: 'f', shape: () => [1, 1], value }, /f needs partials, an array/],
      [
        { name: 'f', shape: () => [1, 1], value, partials: [1] },
        /partials\[0\] of f must be a function, null .* number 1/,
      ],
      [{ name: 'f', entry: 3 }, /f needs entry, a function/],
      [{ name: 'f', entry: () => 1 }, /f needs slopes/],
      [{ name: 'f', entry: () => 1, slopes: ['x'] }, /slopes\[0\] of f must be/],
      [{ name: 'f', entry: () => 1, slopes: [1, 1, 1] }, /f has 3 slopes.*one or two inputs/],
    ];
    for (const [definition, message] of wrong) {
      expect(() => definePrimitive(definition as never)).toThrow(message);
    }
  });

  it('refuses more operands than an operation takes', () => {
    const three = add as unknown as (...xs: number[]) => FlatMatrix;
    expect(() => three(1, 2, 3)).toThrow(
      /^add: takes 2 operands, got another number of them; write add\(a, b\)/,
    );
  });

  it('may have parameters, and is one operation whatever they are', () => {
    const power = definePrimitive({
      name: 'power',
      of: (n: number) => ({
        parameters: { n },
        entry: (t) => t ** n,
        slopes: [(_, t) => mul(n, power(t, n - 1))],
        samples: [[[[0.5, -1.2]]]],
      }),
      examples: [[3]],
    }) as Parametric<[n: number]>;
    const f = (t: Value) => add(power(t, 3), power(t, 2));
    expect(checkGrad((t: Value) => sum(f(t)))(x).passed).toBe(true);
    const graph = record(f)(x);
    expect(graph.operations).toBe(3);
    for (const { primitive } of graph.nodes.slice(1, 3)) {
      expect(primitive && recordOf(primitive)).toBe(power.primitive);
    }
  });

  it("refuses JavaScript's operators in a rule, in every mode, instead of a silent NaN", () => {
    const one = (rule: (t: Value) => unknown) =>
      definePrimitive({
        name: 'cube',
        entry: (t: number) => t ** 3,
        slopes: [(_, t) => rule(t) as Value],
      });
    const wrong = one((t) => 3 * (t as unknown as number) * (t as unknown as number));
    const message = /2×1 .* cannot be used with JavaScript's operators: write .*mul\(/;
    expect(() => grad((t: Value) => sum(wrong(t)))(x)).toThrow(message);
    expect(() => jvp(wrong)(x, x)).toThrow(message);
    expect(() => hessian((t: Value) => sum(wrong(t)))(x)).toThrow(message);
    expect(() => numericJacobian((t) => 3 * (t as unknown as number))(x)).toThrow(message);
    // A number is a slope like any other.
    expect(entries(grad((t: Value) => sum(one(() => 2)(t)))(x))).toEqual([2, 2]);
  });

  it('checks the shape of what a slope returns', () => {
    const flat = definePrimitive({
      name: 'flat',
      entry: (t: number) => 2 * t,
      slopes: [(_, t) => transpose(t)],
    });
    expect(() => grad((t: Value) => sum(flat(t)))(x)).toThrow(
      /flat: slopes\[0\] returned 1×2, the result is 2×1; a slope has the shape of the result/,
    );
  });

  it('checks the shape of what a rule returns', () => {
    const skewed = definePrimitive({
      name: 'skewed',
      shape: () => [1, 1],
      value: (t: FlatMatrix) => sum(t),
      partials: [() => ({ push: (t) => t, pull: (c) => c })],
    });
    expect(() => grad((t: Value) => skewed(t))(x)).toThrow(
      /skewed: pull of partials\[0\] returned 1×1, the input is 2×1/,
    );
    expect(() => jvp((t: Value) => skewed(t))(x, x)).toThrow(
      /skewed: push of partials\[0\] returned 2×1, the result is 1×1/,
    );
    const empty = definePrimitive({
      name: 'empty',
      shape: () => [1, 1],
      value: (t: FlatMatrix) => sum(t),
      partials: [(() => undefined) as never],
    });
    expect(() => grad((t: Value) => empty(t))(x)).toThrow(
      /empty: partials\[0\] must return \{ push, pull \}, it returned undefined/,
    );
    const listed = definePrimitive({
      name: 'listed',
      shape: () => [1, 1],
      value: (() => [1]) as never,
      partials: [null],
    });
    expect(() => listed(x)).toThrow(/listed: its value must be a FlatMatrix, it is an array of 1/);
  });

  it('takes null for an operation without a derivative, and locallyConstant for zero', () => {
    const rounded = (rule: null | typeof locallyConstant) =>
      definePrimitive({ name: 'rounded', entry: (t: number) => Math.round(t), slopes: [rule] });
    expect(() => grad((t: Value) => sum(rounded(null)(t)))(x)).toThrow(/rounded has no derivative/);
    expect(entries(grad((t: Value) => sum(mul(t, rounded(locallyConstant)(t))))(x))).toEqual([
      1, -1,
    ]);
  });
});

describe('customDerivative', () => {
  const reversed = customDerivative(
    (t: Value) => t,
    () => ({ push: (t) => neg(t), pull: (c) => neg(c) }),
  );

  it('replaces what the operations of f would give, in every mode', () => {
    const f = (t: Value) => sum(mul(5, reversed(square(t))));
    const { gradients, largestDisagreement } = compareModes(f)(x);
    expect(entries(gradients.reverse)).toEqual([-5, 12]);
    expect(largestDisagreement).toBe(0);
    closeTo(hessian(f)(x), new FlatMatrix(2, 2, [-10, 0, 0, -10]), 0);
  });

  it('takes any code for the value, and rules that use it', () => {
    const root = customDerivative(
      // Newton's iteration for t² = a, differentiated implicitly: dt = da / (2t).
      function root(a: FlatMatrix) {
        let t = 1;
        for (let i = 0; i < 60; i++) t = (t + a.data[0] / t) / 2;
        return t;
      },
      (t) => ({ push: (da) => half(da, t), pull: (c) => half(c, t) }),
    );
    const half: Operation<[number, number]> = definePrimitive({
      name: 'half',
      entry: (a: number, b: number) => a / (2 * b),
      slopes: [(_, _a, b) => half(1, b), (y, _a, b) => neg(mul(2, half(y, b)))],
    });
    expect(grad((a: Value) => root(a))(9)).toBeCloseTo(1 / 6, 15);
    expect(hessian((a: Value) => root(a))(9)).toBeCloseTo(-1 / 108, 15);
    expect(compareModes((a: Value) => root(a))(9).largestDisagreement).toBeLessThan(1e-15);
  });

  it('clips a gradient, as in the example', () => {
    const clipped = customDerivative(
      (t) => t,
      () => ({ push: (t) => t, pull: (c) => clip(c, -1, 1) }),
    );
    expect(grad((t: Value) => sum(mul(5, clipped(t))))(2)).toBe(1);
  });

  it('takes several inputs, each with a rule of its own', () => {
    const f = customDerivative(
      (a: Value, b: Value) => add(a, b),
      () => ({ push: (t) => mul(2, t), pull: (c) => mul(2, c) }),
      locallyConstant,
    );
    const g = grad((p: { a: Value; b: Value }) => sum(f(p.a, p.b)))({ a: x, b: x });
    expect([entries(g.a), entries(g.b)]).toEqual([
      [2, 2],
      [0, 0],
    ]);
    expect(() => (f as unknown as (t: Value) => Value)(x)).toThrow(
      /^customDerivative: expected a matrix, .*, got undefined$/,
    );
  });

  it('does not hand out its input as its result', () => {
    const result = reversed(x);
    result.set(0, 0, 99);
    expect(entries(x)).toEqual([0.5, -1.2]);
  });
});
