import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  abs,
  add,
  broadcastTo,
  cos,
  div,
  exp,
  FlatMatrix,
  grad,
  greater,
  log,
  matmul,
  matmulRight,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  type Operand,
  pow,
  reciprocal,
  record,
  relu,
  sigmoid,
  sin,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  transpose,
  type Value,
  where,
} from '../src/index.ts';

// Random programs: each step applies an operation to values that are there already.

type Step = readonly [operation: number, a: number, b: number];

function transposedProduct(a: Value, b: Value): Value {
  return a.rows === b.rows ? matmul(transpose(a), b) : b;
}

function larger(a: Value, b: Value): Value {
  return where(greater(a, b), a, b);
}

function stretched(a: Value, b: Value): Value {
  return a.rows === 1 && a.columns === 1 ? broadcastTo(a, [b.rows, b.columns]) : a;
}

const operations: readonly ((a: Value, b: Value) => Operand)[] = [
  add,
  sub,
  mul,
  div,
  maximum,
  minimum,
  larger,
  neg,
  square,
  reciprocal,
  abs,
  relu,
  exp,
  (a) => log(exp(a)),
  (a) => sqrt(square(a)),
  sin,
  (a) => mul(cos(a), a),
  tanh,
  sigmoid,
  (a) => pow(a, 3),
  (a) => pow(pow(a, 2), 2),
  transpose,
  (a, b) => (a.columns === b.rows ? matmul(a, b) : a),
  transposedProduct,
  (a, b) => (a.columns === b.columns ? matmulRight(mul(2, a), b) : b),
  (a) => sum(a),
  (a) => sum(a, { axis: 0 }),
  (a) => mean(mul(3, a), { axis: 1 }),
  stretched,
  (a) => mul(2, a),
  (a) => mul(a, -1),
  (a) => add(a, 1),
  (a) => sub(a, 1),
  (a) => mul(0.5, a),
  (a) => div(a, 2),
  (a) => sub(0, a),
  (a) => mul(a, 0),
];

const steps = fc.array(fc.tuple(fc.nat(operations.length - 1), fc.nat(1000), fc.nat(1000)), {
  minLength: 1,
  maxLength: 12,
});

// Aᵀ @ B adds up in another order than a transpose and a product; stretching drops the sign of −0.
const inexact: readonly unknown[] = [transpose, transposedProduct, stretched];
const sameBits = steps.filter((program) =>
  program.every(([k]) => !inexact.includes(operations[k])),
);

// At a kink, rounding decides between two slopes.
const kinks: readonly unknown[] = [maximum, minimum, larger, relu, abs];
const smooth = steps.filter((program) => program.every(([k]) => !kinks.includes(operations[k])));

/** All values of a program; operands whose shapes do not fit are summed first. */
function run(program: readonly Step[], inputs: readonly Value[]): Value[] {
  const values = [...inputs];
  for (const [operation, a, b] of program) {
    const x = values[a % values.length];
    const y = values[b % values.length];
    const rows = x.rows === y.rows || x.rows === 1 || y.rows === 1;
    const columns = x.columns === y.columns || x.columns === 1 || y.columns === 1;
    const fits = rows && columns;
    values.push(operations[operation](x, fits ? y : sum(y)) as Value);
  }
  return values;
}

const last = (program: readonly Step[]) => (x: Value, y: Value, s: Value) =>
  run(program, [x, y, s]).at(-1) as Value;

const usual = fc.double({ min: 0.25, max: 2, noNaN: true });
const extreme = fc.oneof(
  usual,
  fc.constantFrom(0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 5e-324, -1e308, 1.5e154),
);

function matrices(entry: fc.Arbitrary<number>): fc.Arbitrary<FlatMatrix[]> {
  const entries = fc.array(entry, { minLength: 7, maxLength: 7 });
  return entries.map((k) => [
    new FlatMatrix(2, 2, k.slice(0, 4)),
    new FlatMatrix(2, 1, k.slice(4, 6)),
    new FlatMatrix(1, 1, k.slice(6)),
  ]);
}

/** Whether rounding in a program can only have the last digits: nothing huge, tiny or divided by 0. */
function tame(values: readonly Value[]): boolean {
  return values.every((x) =>
    (x as FlatMatrix).data.every((entry) => {
      const size = Math.abs(entry);
      return size === 0 || (size > 1e-2 && size < 1e2);
    }),
  );
}

function expectClose(a: FlatMatrix, b: FlatMatrix, tolerance: number): void {
  expect([a.rows, a.columns]).toEqual([b.rows, b.columns]);
  a.data.forEach((entry, k) => {
    expect(Math.abs(entry - b.data[k])).toBeLessThanOrEqual(tolerance * (1 + Math.abs(b.data[k])));
  });
}

describe('a random expression', { timeout: 60_000 }, () => {
  it('keeps its value when it is simplified', () => {
    fc.assert(
      fc.property(steps, matrices(usual), (program, [x, y, s]) => {
        fc.pre(tame(run(program, [x, y, s])));
        const expected = last(program)(x, y, s) as FlatMatrix;
        const graph = record(last(program))(x, y, s);
        expectClose(graph.evaluate(x, y, s), expected, 1e-12);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps its gradient when that is simplified', () => {
    fc.assert(
      fc.property(smooth, matrices(usual), (program, [x, y, s]) => {
        fc.pre(tame(run(program, [x, y, s])));
        const gradient = grad(([a, b, c]: Value[]) => sum(last(program)(a, b, c)));
        const expected = gradient([x, y, s]) as FlatMatrix[];
        fc.pre(expected.every((part) => part.data.every((entry) => Math.abs(entry) < 1e3)));
        const results = record(gradient)([x, y, s]).evaluate([x, y, s]) as FlatMatrix[];
        for (const [i, result] of results.entries()) expectClose(result, expected[i], 1e-10);
      }),
      { numRuns: 10000 },
    );
  });

  it('keeps every bit, also of NaN and infinities, when it is simplified exactly', () => {
    fc.assert(
      fc.property(sameBits, matrices(extreme), (program, [x, y, s]) => {
        const expected = last(program)(x, y, s) as FlatMatrix;
        const graph = record(last(program), { simplify: 'exact' })(x, y, s);
        expect(graph.evaluate(x, y, s).to1DArray()).toEqual(expected.to1DArray());
      }),
      { numRuns: 1000 },
    );
  });

  it('is not simplified further when the result is recorded again', () => {
    fc.assert(
      fc.property(steps, matrices(usual), (program, [x, y, s]) => {
        const graph = record(last(program))(x, y, s);
        const again = record((a: Value, b: Value, c: Value) => graph.evaluate(a, b, c))(x, y, s);
        expect(again.toString()).toBe(graph.toString());
      }),
      { numRuns: 10000 },
    );
  });
});
