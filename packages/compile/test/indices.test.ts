import {
  add,
  crossEntropy,
  exp,
  FlatMatrix,
  gather,
  grad,
  matmul,
  mean,
  mul,
  pick,
  square,
  sub,
  sum,
  tanh,
  transpose,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import { expectClose, randomMatrix, reasonOf } from './agreement.ts';

const table = new FlatMatrix(4, 1, [1, 2, 3, 4]);
const rows = [
  [1, 1],
  [3, 0],
  [2, 1],
].map((numbers) => Int32Array.from(numbers));

test('a gradient that depends on the data through row numbers only follows them', () => {
  const loss = (E: Value, ids: Int32Array) => mean(gather(E, ids));
  const slope = compile(grad(loss));
  const through = valueAndGrad(compile(loss));
  for (const ids of rows) {
    expect(slope(table, ids)).toEqual(grad(loss)(table, ids));
    expect(through(table, ids)).toEqual(valueAndGrad(loss)(table, ids));
  }
  expect(reasonOf(slope, [table, rows[0]])).toBeUndefined();
});

test('one such leaf among several follows them, too', () => {
  const loss = (p: { E: Value; w: Value }, ids: Int32Array) =>
    add(mean(gather(p.E, ids)), sum(square(p.w)));
  const step = compile(valueAndGrad(loss));
  const params = { E: table, w: randomMatrix(3, 1) };
  for (const ids of rows) expectClose(step(params, ids), valueAndGrad(loss)(params, ids));
});

test('row numbers in a matrix are row numbers and numbers', () => {
  const loss = (E: Value, ids: Value) =>
    sum(mul(gather(E, ids as FlatMatrix), sub(ids, mean(ids))));
  const step = compile(valueAndGrad(loss));
  for (const numbers of rows) {
    const ids = new FlatMatrix(2, 1, numbers);
    expectClose(step(table, ids), valueAndGrad(loss)(table, ids));
  }
  expect(reasonOf(step, [table, new FlatMatrix(2, 1, rows[0])])).toBeUndefined();
  const half = new FlatMatrix(2, 1, [0.5, 1]);
  expect(() => step(table, half)).toThrow('index 0 is 0.5');
});

test('a function that reads the numbers itself is called as it is', () => {
  const steered = (E: Value, ids: Int32Array) => (ids[0] === 3 ? sum(E) : mean(gather(E, ids)));
  const compiled = compile(steered);
  for (const ids of rows) expect(compiled(table, ids)).toEqual(steered(table, ids));
  expect(reasonOf(compiled, [table, rows[0]])).toContain('reads row or class numbers');
});

test('a matrix of the function’s own is looked up anew at every call', () => {
  const own = randomMatrix(4, 2, 5);
  const f = (w: Value, ids: Int32Array) => mul(w, transpose(gather(own, ids)));
  const compiled = compile(f);
  const w = randomMatrix(2, 1);
  for (const ids of rows) expectClose(compiled(w, ids), f(w, ids));
  // A number that depends on row numbers alone may steer nothing.
  const branching = (v: Value, ids: Int32Array) =>
    (gather(own, ids) as FlatMatrix).get(0, 0) > 0 ? v : mul(2, v);
  for (const ids of rows) expectClose(compile(branching)(w, ids), branching(w, ids));
});

test('a result whose structure or form depends on the size has the form of its size', () => {
  const f = (x: Value) =>
    x.rows > 40 ? { large: sum(x), size: x.rows } : { small: mean(x), size: 'none' };
  const compiled = compile(f);
  for (const height of [3, 50, 30_000, 2]) {
    const x = randomMatrix(height, 2);
    expectClose(compiled(x), f(x), height);
    expect(compiled(x).size).toBe(f(x).size);
  }
});

// Values of two columns, made from parameters, rows of tables, classes and numbers; the choice may
// lie in a branch of JavaScript's own, over a size, a number or an index.
interface Case {
  readonly E: Value;
  readonly w: Value;
}
interface Batch {
  readonly ids: Int32Array;
  readonly classes: FlatMatrix;
  readonly X: Value;
  readonly rate: number;
}
type Step = (h: Value, p: Case, b: Batch) => Value;
const own = randomMatrix(5, 2, 77);

const steps: Readonly<Record<string, Step>> = {
  'plus rows of the table': (h, p, b) => add(h, gather(p.E, b.ids)),
  'times rows of its own': (h, _, b) => mul(h, gather(own, b.ids)),
  'rows of rows': (h, p, b) => add(h, gather(gather(p.E, b.ids), b.ids)),
  'rows by class': (h, p, b) => sub(h, gather(p.E, b.classes)),
  'classes as numbers': (h, _, b) => add(h, mul(0.1, b.classes)),
  'picked entries': (h, _, b) => sub(h, pick(h, b.classes)),
  'a column of picks': (h, p, b) => mul(h, pick(gather(p.E, b.ids), b.classes)),
  product: (h, p) => tanh(matmul(h, p.w)),
  rate: (h, _, b) => mul(b.rate, h),
  'by rate': (h, _, b) => (b.rate > 0.5 ? h : mul(2, h)),
  'by size': (h, p, b) => (b.X.rows % 2 === 0 ? add(h, 1) : mul(h, sum(p.w))),
  'by an index': (h, _, b) => (b.ids[0] === 1 ? exp(mul(0.1, h)) : h),
  'by all indices': (h, _, b) => (b.ids.every((i) => i > 0) ? mul(2, h) : h),
  'by a class': (h, _, b) => (b.classes.get(0, 0) === 1 ? tanh(h) : h),
  'by a row of its own': (h, _, b) =>
    (gather(own, b.ids) as FlatMatrix).get?.(0, 0) > 0 ? tanh(h) : h,
  'only the table': (_, p, b) => gather(p.E, b.ids),
  'only its own': (_, __, b) => gather(own, b.ids),
};
const ends: Readonly<Record<string, (h: Value, b: Batch) => Value>> = {
  mean: (h) => mean(h),
  'mean square': (h) => mean(square(h)),
  'cross-entropy': (h, b) => crossEntropy(h, b.classes),
  picked: (h, b) => sum(pick(h, b.classes)),
};

const program = fc.record({
  names: fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 3 }),
  end: fc.constantFrom(...Object.keys(ends)),
  start: fc.constantFrom<'data' | 'table'>('data', 'table'),
  both: fc.boolean(),
});
const call = fc.record({
  rows: fc.integer({ min: 2, max: 3 }),
  seed: fc.nat(1_000_000),
  rate: fc.constantFrom(0.25, 0.75),
});

const params: Case = { E: randomMatrix(5, 2, 3), w: randomMatrix(2, 2, 4) };

function batchOf({
  rows: height,
  seed,
  rate,
}: {
  rows: number;
  seed: number;
  rate: number;
}): Batch {
  const digit = (i: number, base: number): number => Math.floor(seed / base ** i) % base;
  return {
    // Rows of rows: row numbers below the batch's own count.
    ids: Int32Array.from({ length: height }, (_, i) => digit(i, Math.min(5, height))),
    classes: new FlatMatrix(
      height,
      1,
      Array.from({ length: height }, (_, i) => digit(i + 4, 2)),
    ),
    X: randomMatrix(height, 2, seed % 7),
    rate,
  };
}

// 10 000 calls of 313 functions: what differs between two calls of one function shows most.
test('random functions over indices, branches and sizes agree with the plain call', () => {
  let recorded = 0;
  fc.assert(
    fc.property(program, fc.array(call, { minLength: 32, maxLength: 32 }), (made, calls) => {
      const { names, end, start, both } = made;
      const loss = (p: Case, b: Batch): Value => {
        let h = start === 'data' ? b.X : gather(p.E, b.ids);
        for (const name of names) h = steps[name](h, p, b);
        return ends[end](h, b);
      };
      const plain = both ? valueAndGrad(loss) : grad(loss);
      const compiled = both ? valueAndGrad(compile(loss)) : compile(grad(loss));
      for (const given of calls) {
        const batch = batchOf(given);
        expectClose(compiled(params, batch), plain(params, batch), 1);
        if (!both && reasonOf(compiled, [params, batch]) === undefined) recorded++;
      }
    }),
    { numRuns: 313, seed: 6 },
  );
  expect(recorded).toBeGreaterThan(1000);
}, 60_000);
