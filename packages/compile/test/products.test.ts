import {
  type FlatMatrix,
  matmul,
  neg,
  square,
  squaredError,
  sum,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { expect, test } from 'vitest';
import { compile, explain, pin } from '../src/index.ts';
import { expectAgreement, randomMatrix } from './agreement.ts';

// More than fits into a cache, and remainders of every kind.
const rows = 70_001;
const X = pin(randomMatrix(rows, 33, 1));
const w = randomMatrix(33, 1, 2);
const options = { tileRows: 64 };
const product = (v: Value, x: Value) => matmul(x, v);
const products = compile(product, options)(w, X);

test('a loop within a product says so; small data and products alone have none', () => {
  const negated = (v: Value, x: Value) => neg(matmul(x, v));
  expect(explain(negated)(w, X)).toContain('loop within it');
  expect(explain(negated)(w, randomMatrix(1000, 33))).not.toContain('within');
  expect(explain(product)(w, X)).not.toContain('within');
});

test('rows computed within a product have the bytes of the product', () => {
  const negated = compile((v: Value, x: Value) => neg(matmul(x, v)), options);
  expect((negated(w, X) as FlatMatrix).data).toEqual((neg(products) as FlatMatrix).data);
});

test('totals within a product have the bytes of totals after it', () => {
  const within = compile((v: Value, x: Value) => sum(square(matmul(x, v))), options);
  const after = compile((_: number, z: Value) => sum(square(z)), options);
  expect(within(w, X)).toEqual(after(0, products));
});

test('gradients agree, streamed ones too', () => {
  const loss = (v: Value, x: Value) => squaredError(matmul(x, v), square(products));
  expectAgreement(valueAndGrad(loss), [w, X], { ...options, scale: 1 });
});
