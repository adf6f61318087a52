import {
  apply,
  FlatMatrix,
  type Primitive,
  primitivesOf,
  table as records,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import { entriesFrom, expectAgreement, randomMatrix } from './agreement.ts';

const table = records.flatMap(primitivesOf);

const called = (primitive: Primitive) =>
  primitive.name + JSON.stringify(primitive.parameters ?? {});
const matrix = (rows: readonly (readonly number[])[]) =>
  new FlatMatrix(rows.length, rows[0].length, rows.flat());

/** The primitive as a function of data only: its inputs are read by rows. */
const ofData =
  (primitive: Primitive) =>
  (_: unknown, ...inputs: Value[]) =>
    apply(primitive, ...inputs);

describe('every primitive equals its plain value on its samples', () => {
  test.each(table.map((primitive) => [called(primitive), primitive] as const))(
    '%s',
    (_, primitive) => {
      for (const sample of primitive.samples) {
        const inputs = sample.map(matrix);
        expectAgreement(ofData(primitive), [0, ...inputs], { scale: 1 });
        expectAgreement((...x: Value[]) => apply(primitive, ...x), inputs, { scale: 1 });
      }
    },
  );
});

const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 800, -800, 1e-9, 5e-324, 1e308, 0.5, 2];

/** Random entries with special ones between them. */
function mixed(rows: number, columns: number, seed: number): FlatMatrix {
  const next = entriesFrom(seed);
  const result = new FlatMatrix(rows, columns);
  for (let k = 0; k < result.data.length; k++) {
    const pick = Math.floor((next() + 1) * special.length);
    result.data[k] = special[pick] ?? next() * 3;
  }
  return result;
}

describe('elementwise primitives agree on every size, NaN and infinities included', () => {
  const elementwise = table.filter(({ entry }) => entry !== undefined);
  test.each(elementwise.map((p) => [called(p), p] as const))('%s', (_, primitive) => {
    const { length } = primitive.entry as { length: number };
    const operands = length === 0 ? primitive.samples[0].length : length;
    for (const rows of [1, 3, 65, 130]) {
      for (const columns of [1, 2, 3]) {
        const shapes = [
          [rows, columns],
          [1, columns],
          [rows, 1],
          [1, 1],
        ];
        for (const shape of operands === 1 ? shapes.slice(0, 1) : shapes) {
          const inputs = Array.from({ length: operands }, (_, i) => {
            const [r, c] = i === 0 ? [rows, columns] : shape;
            return mixed(r, c, 17 * i + rows + columns);
          });
          expectAgreement(ofData(primitive), [0, ...inputs], { tileRows: 64 });
          expectAgreement(ofData(primitive), [0, ...inputs.reverse()], { tileRows: 64 });
        }
      }
    }
  });
});

describe('reductions and products agree on every size', () => {
  const names = ['sum', 'mean', 'max', 'min', 'logSumExp', 'norm', 'cumsum'];
  const reductions = table.filter(({ name }) => names.includes(name));
  test.each(reductions.map((p) => [called(p), p] as const))('%s', (_, primitive) => {
    for (const rows of [1, 2, 65, 1100]) {
      for (const columns of [1, 2, 3, 8]) {
        const x = randomMatrix(rows, columns, 3);
        const scale = rows * columns;
        expectAgreement(ofData(primitive), [0, x], { tileRows: 64, scale });
        for (const entry of [NaN, Infinity, -Infinity]) {
          const y = x.clone() as FlatMatrix;
          const marked = new FlatMatrix(rows, columns, [...y.to1DArray()]);
          marked.data[marked.data.length >> 1] = entry;
          expectAgreement(ofData(primitive), [0, marked], { tileRows: 64, scale });
        }
      }
    }
  });

  test.each([1, 2, 3, 4, 5, 9])('products with %i columns', (columns) => {
    const [product, left, right] = ['matmul', 'matmulLeft', 'matmulRight'].map(
      (name) => table.find((p) => p.name === name) as Primitive,
    );
    for (const rows of [1, 2, 65, 1100]) {
      for (const depth of [1, 2, 7, 8]) {
        const options = { tileRows: 64, scale: rows + depth };
        const x = randomMatrix(rows, depth, 1);
        const run = (p: Primitive, a: FlatMatrix, b: FlatMatrix) => {
          expectAgreement(ofData(p), [0, a, b], options);
          expectAgreement((u: Value, v: Value) => apply(p, v, u), [b, a], options);
        };
        run(product, x, randomMatrix(depth, columns, 2));
        run(right, x, randomMatrix(columns, depth, 2));
        run(left, x, randomMatrix(rows, columns, 2));
        run(left, randomMatrix(rows, columns, 2), x);
      }
    }
  });
});

test('values without entries are left to the function itself', () => {
  const [plus] = table.filter(({ name }) => name === 'add');
  const x = new FlatMatrix(0, 3);
  expectAgreement(ofData(plus), [0, x, x], { whole: true });
  expect(table.length).toBeGreaterThan(60);
});
