import {
  type AbstractMatrix,
  CholeskyDecomposition,
  LuDecomposition,
  type Matrix,
} from 'ml-matrix';
import type { Binary, Unary } from '../primitive/definition.ts';
import { binding, call, latexWithin } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import type { Sample } from '../primitive/primitive.ts';
import { FlatMatrix, filled } from '../values/flat-matrix.ts';
import { toFlatMatrix } from '../values/lift.ts';
import type { Value } from '../values/operand.ts';
import { formatShape, ShapeError, type Sized } from '../values/shape.ts';
import { add, mul, neg } from './arithmetic.ts';
import { matmul, matmulLeft, matmulRight, transpose } from './matmul.ts';

/** The matrix has no inverse (within rounding), or is not positive definite. */
export class SingularError extends Error {
  override name = 'SingularError';
}

export const regular: number[][] = [
  [2, 0.5, -0.25],
  [-1, 1.5, 0.75],
  [0.5, 0.25, 3],
];
export const regularSamples: readonly Sample[] = [[regular], [[[2]]]];

/** Throws where a matrix is not square. */
export function squareSize(name: string, x: Sized): void {
  if (x.rows !== x.columns) {
    throw new ShapeError(`${name}: needs a square matrix, got ${formatShape(x)}`);
  }
}

/** The LU factors; throws where a pivot is no larger than rounding makes it. */
function regularLu(name: string, x: FlatMatrix): LuDecomposition {
  const lu = new LuDecomposition(x);
  if (isSingular(x, lu)) {
    throw new SingularError(
      `${name}: the ${formatShape(x)} matrix is singular (within rounding); ` +
        'remove dependent rows or columns, or add a small multiple of the identity',
    );
  }
  return lu;
}

// A pivot is judged against the size of its row and of its column, whichever is smaller, so that
// mere scaling of rows or columns does not make a matrix singular.
export function isSingular(
  x: FlatMatrix,
  lu: LuDecomposition,
  share: number = x.rows * Number.EPSILON,
): boolean {
  const n = x.rows;
  const upper = lu.upperTriangularMatrix;
  const order = lu.pivotPermutationVector;
  for (let k = 0; k < n; k++) {
    let row = 0;
    let column = 0;
    for (let j = 0; j < n; j++) {
      row = Math.max(row, Math.abs(x.get(order[k], j)));
      column = Math.max(column, Math.abs(x.get(j, k)));
    }
    const pivot = Math.abs(upper.get(k, k));
    if (Number.isNaN(pivot)) return false;
    if (!(pivot > share * Math.min(row, column))) return true;
  }
  return false;
}

/** X with A X = B, by LU: n×n, n×m → n×m. Throws a SingularError. `solve(A, b)` */
export const solve: Binary = op({
  name: 'solve',
  print: {
    text: call('solve').text,
    latex: (a, b) => ({
      text: `${latexWithin(binding.postfix, a)}^{-1} ${latexWithin(binding.power, b)}`,
      binding: binding.matrixProduct,
    }),
  },
  shape: (a, b) => {
    squareSize('solve', a);
    if (a.rows !== b.rows) {
      throw new ShapeError(
        `solve: A is ${formatShape(a)}, B is ${formatShape(b)}: they need the same number of rows`,
      );
    }
    return [b.rows, b.columns];
  },
  value: (a: FlatMatrix, b: FlatMatrix) =>
    a.rows === 0 ? new FlatMatrix(0, b.columns) : solved(regularLu('solve', a), b),
  // A dX = dB − dA X, so with S = A⁻ᵀ C: pulled to B it is S, to A it is −S Xᵀ.
  partials: [
    (x, a) => ({
      push: (t) => neg(solve(a, matmul(t, x))),
      pull: (c) => neg(matmulRight(solve(transpose(a), c), x)),
    }),
    (_, a) => ({ push: (t) => solve(a, t), pull: (c) => solve(transpose(a), c) }),
  ],
  samples: [
    [
      regular,
      [
        [1, 0.5],
        [2, -1],
        [0.5, 3],
      ],
    ],
    [regular, [[1], [2], [0.5]]],
  ],
});

/** A⁻¹; throws a SingularError. `solve(A, b)` is better than `matmul(inverse(A), b)`. */
export const inverse: Unary = op({
  name: 'inverse',
  print: {
    text: call('inverse').text,
    latex: (x) => ({
      text: `${latexWithin(binding.postfix, x)}^{-1}`,
      binding: binding.power,
    }),
  },
  shape: (x) => {
    squareSize('inverse', x);
    return [x.rows, x.columns];
  },
  value: (x: FlatMatrix) =>
    x.rows === 0 ? new FlatMatrix(0, 0) : solved(regularLu('inverse', x), identity(x.rows)),
  // d(A⁻¹) = −A⁻¹ dA A⁻¹
  partials: [
    (y) => ({
      push: (t) => neg(matmul(matmul(y, t), y)),
      pull: (c) => neg(matmulLeft(y, matmulRight(c, y))),
    }),
  ],
  samples: regularSamples,
});

/** The lower L with L Lᵀ = (A + Aᵀ)/2; throws where that is not positive definite. `cholesky(S)` */
export const cholesky: Unary = op({
  name: 'cholesky',
  shape: (x) => {
    squareSize('cholesky', x);
    return [x.rows, x.columns];
  },
  value: (x: FlatMatrix) => {
    if (x.rows === 0) return new FlatMatrix(0, 0);
    const even = symmetric(x) as FlatMatrix;
    if (even.data.some(Number.isNaN)) {
      throw new SingularError(
        `cholesky: the ${formatShape(x)} matrix has entries that are NaN; ` +
          'withNaNCheck(f) tells which operation made the first',
      );
    }
    const decomposition = new CholeskyDecomposition(even);
    if (!decomposition.isPositiveDefinite()) {
      throw new SingularError(
        `cholesky: the ${formatShape(x)} matrix is not positive definite (within rounding); ` +
          'a small multiple of the identity may be missing on its diagonal',
      );
    }
    return toFlatMatrix(decomposition.lowerTriangularMatrix);
  },
  // S = L Lᵀ, dS = (dA + dAᵀ)/2: dL = L Φ(L⁻¹ dS L⁻ᵀ), where Φ keeps the lower triangle and half of
  // the diagonal (Murray, Differentiation of the Cholesky decomposition, 2016).
  partials: [
    (l) => ({
      push: (t) => {
        const half = solve(l, symmetric(t));
        return matmul(l, lowerHalf(transpose(solve(l, transpose(half)))));
      },
      pull: (c) => {
        const middle = lowerHalf(matmulLeft(l, c));
        const half = solve(transpose(l), middle);
        return symmetric(transpose(solve(transpose(l), transpose(half))));
      },
    }),
  ],
  samples: [
    [
      [
        [4, 1, 0.5],
        [1, 3, -0.75],
        [0.5, -0.75, 2],
      ],
    ],
    [[[4]]],
  ],
});

function symmetric(x: Value): Value {
  return mul(0.5, add(x, transpose(x)));
}

function lowerHalf(x: Value): Value {
  const mask = filled(x.rows, x.columns, 0);
  for (let i = 0; i < x.rows; i++) {
    mask.data.fill(1, i * x.columns, i * x.columns + i);
    mask.data[i * x.columns + i] = 0.5;
  }
  return mul(mask, x);
}

// ml-matrix accepts any matrix here; its types ask for its own class.
export function solved(lu: LuDecomposition, b: FlatMatrix): FlatMatrix {
  return toFlatMatrix(lu.solve(b as AbstractMatrix as Matrix));
}

export function identity(n: number): FlatMatrix {
  const result = new FlatMatrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  return result;
}
