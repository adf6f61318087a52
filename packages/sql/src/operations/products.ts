import { matmul, matmulLeft, matmulRight } from '@steepest/autodiff';
import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';
import type { Sql, Written } from './operation.ts';

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A row of X·W from a row of X. */
const plain: Sql = {
  row: ({ e, inputs: [a, b] }) =>
    indices(b.columns).map((j) => e.sum(a.row.map((x, k) => e.mul(x, b.at(k, j))))),
};

/** What a row adds to Aᵀ·B: the products of each of its entries in A with each in B. */
const left: Sql = {
  total: ({ e, inputs: [a, b] }) => {
    // Xᵀ(h ∘ X) is its own mirror image: one sum for two entries.
    const mirrored = isScaled(e, a.row, b.row);
    return a.row.flatMap((x, i) =>
      b.row.map((y, j) => (mirrored && i > j ? e.mul(a.row[j], b.row[i]) : e.mul(x, y))),
    );
  },
};

/** Whether b is a, or a times the same number in each column. */
function isScaled(e: Words, a: readonly Expression[], b: readonly Expression[]): boolean {
  if (a.length !== b.length) return false;
  if (a.every((x, j) => x === b[j])) return true;
  const [first] = b;
  if (first.kind !== 'call') return false;
  return first.args.some((h) => a.every((x, j) => e.mul(h, x) === b[j]));
}

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
