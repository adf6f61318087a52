import { matmul, matmulLeft, matmulRight } from '@steepest/autodiff';
import type { Sql, Written } from './operation.ts';

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A row of X·W from a row of X. */
const plain: Sql = {
  row: ({ e, inputs: [a, b] }) =>
    indices(b.columns).map((j) => e.sum(a.row.map((x, k) => e.mul(x, b.at(k, j))))),
};

/** What a row adds to Aᵀ·B: the products of each of its entries in A with each in B. */
const left: Sql = {
  total: ({ e, inputs: [a, b] }) => a.row.flatMap((x) => b.row.map((y) => e.mul(x, y))),
};

/** A row of X·Wᵀ from a row of X. */
const right: Sql = {
  row: ({ e, inputs: [a, b] }) =>
    indices(b.rows).map((j) => e.sum(a.row.map((x, k) => e.mul(x, b.at(j, k))))),
};

/** Products of matrices. */
export const products: readonly Written[] = [
  [matmul, plain],
  [matmulLeft, left],
  [matmulRight, right],
];
