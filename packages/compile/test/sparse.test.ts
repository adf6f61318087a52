import {
  add,
  crossEntropy,
  FlatMatrix,
  logisticLoss,
  matmul,
  mul,
  square,
  sum,
  toFlatMatrix,
  transpose,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { newtonCg, train } from '@steepest/optim';
import { describe, expect, test } from 'vitest';
import { compile, compiled, explain, pin, SparseMatrix } from '../src/index.ts';
import { entriesFrom, expectAgreement, expectClose, randomMatrix } from './agreement.ts';

/** About `perRow` values in each row, none in some. */
function randomSparse(rows: number, columns: number, perRow: number, seed = 1): SparseMatrix {
  const next = entriesFrom(seed);
  const values: number[] = [];
  const columnsOf: number[] = [];
  const starts = [0];
  for (let i = 0; i < rows; i++) {
    const count = Math.floor((next() + 1) * perRow);
    for (let k = 0; k < count; k++) {
      values.push(next());
      columnsOf.push(Math.floor(((next() + 1) / 2) * columns));
    }
    starts.push(values.length);
  }
  return new SparseMatrix(rows, columns, values, columnsOf, starts);
}

const loss = (w: Value, X: Value, y: Value) =>
  add(logisticLoss(matmul(X, w), y), mul(0.01, sum(square(w))));
const labels = (rows: number) =>
  new FlatMatrix(
    rows,
    1,
    randomMatrix(rows, 1).data.map((e) => (e > 0 ? 1 : 0)),
  );

describe('a sparse matrix as data', () => {
  test('gives the results of the same matrix with its zeros', () => {
    for (const rows of [1, 2, 37, 65, 1000]) {
      const X = randomSparse(rows, 37, 4);
      const w = randomMatrix(37, 1, 4);
      expectAgreement(valueAndGrad(loss), [w, X, labels(rows)], { tileRows: 64, scale: 1 });
    }
  });

  test('times a matrix gives the results of the same matrix with its zeros', () => {
    const softmax = (W: Value, X: Value, k: Int32Array) => crossEntropy(matmul(X, W), k);
    for (const width of [2, 3, 4, 7]) {
      for (const rows of [2, 65, 300]) {
        const X = randomSparse(rows, 37, 4);
        const k = Int32Array.from({ length: rows }, (_, i) => i % width);
        const W = randomMatrix(37, width, 4);
        expectAgreement(valueAndGrad(softmax), [W, X, k], { tileRows: 64, scale: 1 });
        expectAgreement((V: Value, x: Value) => matmul(x, V), [W, X], { tileRows: 64 });
        const print = explain(valueAndGrad(softmax))(W, X as never, k);
        expect(print).toContain('csrTimesMatrix');
        expect(print).toContain('addCsrTransposedTimesMatrix');
      }
    }
  });

  test('times a transpose it is an ordinary matrix', () => {
    const X = randomSparse(100, 12, 3);
    const product = (V: Value, x: Value) => matmul(x, transpose(V));
    for (const width of [1, 2, 5])
      expectAgreement(product, [randomMatrix(width, 12), X], { whole: true });
  });

  test('may have more values at the next call, and may be pinned', () => {
    const step = compile(valueAndGrad(loss));
    const w = randomMatrix(37, 1, 4);
    for (const perRow of [1, 2, 9, 3]) {
      const X = randomSparse(300, 37, perRow, perRow);
      const plain = valueAndGrad(loss)(w, X as unknown as Value, labels(300));
      expectClose(step(w, X, labels(300)), plain, 1);
      expectClose(step(w, pin(X), labels(300)), plain, 1);
    }
  });

  test('costs what its values cost, not its size', () => {
    const X = randomSparse(20_000, 100_000, 3);
    const print = explain(valueAndGrad(loss))(new FlatMatrix(100_000, 1), X, labels(20_000));
    expect(print).toContain('csrTimesColumn');
    expect(print).toContain('addCsrTransposedTimesColumn');
    const { gradient } = compile(valueAndGrad(loss))(new FlatMatrix(100_000, 1), X, labels(20_000));
    expect(gradient.rows).toBe(100_000);
  });

  test('is an ordinary matrix elsewhere', () => {
    const X = randomSparse(20, 7, 2);
    const f = (_: Value, x: Value) => square(x);
    expect(explain(f)(randomMatrix(1, 1), X)).toContain('a sparse matrix is used by square');
    expectClose(compile(f)(randomMatrix(1, 1), X), f(randomMatrix(1, 1), X));
  });

  test('arrays that do not fit are refused', () => {
    expect(() => new SparseMatrix(1, 2, [1], [2], [0, 1])).toThrow('value 0 is in column 2 of 2');
    expect(() => new SparseMatrix(2, 2, [1], [0], [0, 1])).toThrow('3 starts');
    expect(() => new SparseMatrix(2, 2, [1], [0], [0, 2, 1])).toThrow(
      'row 1 ends before it starts',
    );
  });
});

test('products with the Hessian are compiled too: Newton–CG on a sparse matrix that would not fit densely', async () => {
  const [rows, columns] = [300, 200_000];
  const at = Array.from({ length: 3 * rows }, (_, k) => (k * 7919 + (k % 3)) % 50);
  const values = at.map((_, k) => Math.sin(k + 1));
  const starts = Array.from({ length: rows + 1 }, (_, i) => 3 * i);
  const y = new FlatMatrix(
    rows,
    1,
    Array.from({ length: rows }, (_, i) => i % 2),
  );
  const loss = (w: Value, { x, y }: { x: Value; y: Value }) =>
    add(logisticLoss(matmul(x, w), y), mul(0.005, sum(square(w))));
  const solved = (size: number, engine?: ReturnType<typeof compiled>) => {
    const sparse = new SparseMatrix(rows, size, values, at, starts);
    const x = engine === undefined ? toFlatMatrix(sparse as never) : sparse;
    const params = new FlatMatrix(size, 1);
    const stop = { gradientNorm: 1e-9, steps: 50 };
    const data = { x, y } as never;
    return train({ loss: loss as never, params, data, optimizer: newtonCg(), stop, engine });
  };
  const [small, large] = [await solved(50), await solved(columns, compiled())];
  expect(large.converged).toBe(true);
  const found = (large.params as FlatMatrix).data.subarray(0, 50);
  (small.params as FlatMatrix).data.forEach((w, j) => {
    expect(found[j]).toBeCloseTo(w, 8);
  });
}, 30_000);
