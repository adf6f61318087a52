import type { Binary, Unary } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import { formatShape, ShapeError, type Sized } from '../values/shape.ts';
import {
  multiply,
  multiplyTransposedLeft,
  multiplyTransposedRight,
  transposed,
} from './kernels/matmul.ts';
import { matrixNotation, transposeNotation } from './notation-matrices.ts';
import { zeroSafely } from './zero-safe-matmul.ts';

const a = [
  [0.5, -1.25, 2],
  [1.5, 0.25, -0.75],
];
const b = [
  [1, 0.5],
  [-0.5, 2],
  [0.75, -1.5],
];
const aTransposed = [
  [0.5, 1.5],
  [-1.25, 0.25],
  [2, -0.75],
];
const bTransposed = [
  [1, -0.5, 0.75],
  [0.5, 2, -1.5],
];
function innerSizes(a: Sized, b: Sized, left: number, right: number, how: string): void {
  if (left !== right) {
    throw new ShapeError(
      `matmul: ${formatShape(a)} and ${formatShape(b)} do not fit (${how}): inner ${left} ≠ ${right}`,
    );
  }
}

/**
 * The matrix product: m×k · k×n → m×n. Throws a ShapeError where the inner sizes differ.
 *
 * ```ts
 * matmul(X, w); // one prediction per row of X
 * ```
 */
export const matmul: Binary = op({
  name: 'matmul',
  print: matrixNotation('', ''),
  shape: (a, b) => {
    innerSizes(a, b, a.columns, b.rows, 'A·B');
    return [a.rows, b.columns];
  },
  value: multiply,
  // The three orientations pull back into one another, so no transpose is ever formed.
  partials: [
    (_, _a, b) => ({ push: (t) => zeroSafely(matmul, t, b), pull: (c) => matmulRight(c, b) }),
    (_, a) => ({ push: (t) => zeroSafely(matmul, a, t), pull: (c) => matmulLeft(a, c) }),
  ],
  samples: [
    [a, b],
    [[[1.5]], [[2]]],
  ],
});

/** Aᵀ·B without forming the transpose: k×m, k×n → m×n. `matmulLeft(X, residual)` */
export const matmulLeft: Binary = op({
  name: 'matmulLeft',
  print: matrixNotation('ᵀ', ''),
  shape: (a, b) => {
    innerSizes(a, b, a.rows, b.rows, 'Aᵀ·B');
    return [a.columns, b.columns];
  },
  value: multiplyTransposedLeft,
  partials: [
    (_, _a, b) => ({
      push: (t) => zeroSafely(matmulLeft, t, b, { left: true }),
      pull: (c) => matmulRight(b, c),
    }),
    (_, a) => ({
      push: (t) => zeroSafely(matmulLeft, a, t, { left: true }),
      pull: (c) => matmul(a, c),
    }),
  ],
  samples: [[aTransposed, b]],
});

/** A·Bᵀ without forming the transpose: m×k, n×k → m×n. `matmulRight(X, centres)` */
export const matmulRight: Binary = op({
  name: 'matmulRight',
  print: matrixNotation('', 'ᵀ'),
  shape: (a, b) => {
    innerSizes(a, b, a.columns, b.columns, 'A·Bᵀ');
    return [a.rows, b.rows];
  },
  value: multiplyTransposedRight,
  partials: [
    (_, _a, b) => ({
      push: (t) => zeroSafely(matmulRight, t, b, { right: true }),
      pull: (c) => matmul(c, b),
    }),
    (_, a) => ({
      push: (t) => zeroSafely(matmulRight, a, t, { right: true }),
      pull: (c) => matmulLeft(c, a),
    }),
  ],
  samples: [[a, bTransposed]],
});

/** Rows become columns: r×c → c×r. `transpose(x)` */
export const transpose: Unary = op({
  name: 'transpose',
  print: transposeNotation,
  shape: (x) => [x.columns, x.rows],
  value: transposed,
  partials: [() => ({ push: (t) => transpose(t), pull: (c) => transpose(c) })],
  samples: [[a]],
});
