import { apply } from '../primitive/apply.ts';
import { binary, unary } from '../primitive/elementwise.ts';
import { call } from '../primitive/notation.ts';
import type { Primitive, Sample } from '../primitive/primitive.ts';
import { inputsOf } from '../primitive/term.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError, type Sized } from '../values/shape.ts';
import { mul } from './arithmetic.ts';
import { sum } from './broadcast.ts';
import {
  multiply,
  multiplyTransposedLeft,
  multiplyTransposedRight,
  transposed,
} from './kernels/matmul.ts';
import { matrixNotation, transposeNotation } from './notation-matrices.ts';
import { reshape } from './shaping.ts';

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
const square: Sample = [
  [
    [2, 0.5],
    [-1, 1.5],
  ],
];

function innerSizes(a: Sized, b: Sized, left: number, right: number, how: string): void {
  if (left !== right) {
    throw new ShapeError(
      `matmul: ${formatShape(a)} and ${formatShape(b)} do not fit (${how}): inner ${left} ≠ ${right}`,
    );
  }
}

// The three orientations pull back into one another, so no transpose is ever formed.
export const matrixProduct: Primitive = {
  name: 'matmul',
  print: matrixNotation('', ''),
  shape: (a, b) => {
    innerSizes(a, b, a.columns, b.rows, 'A·B');
    return [a.rows, b.columns];
  },
  value: multiply,
  simplify: {
    exact: (a, b) => {
      const [left, right] = [inputsOf(a, transposition), inputsOf(b, transposition)];
      if (left !== undefined) return matmulLeft(left[0], b);
      return right && matmulRight(a, right[0]);
    },
  },
  partials: [
    (_, _a, b) => ({ push: (t) => matmul(t, b), pull: (c) => apply(productRight, c, b) }),
    (_, a) => ({ push: (t) => matmul(a, t), pull: (c) => apply(productLeft, a, c) }),
  ],
  samples: [
    [a, b],
    [[[1.5]], [[2]]],
  ],
};

/** Aᵀ·B */
export const productLeft: Primitive = {
  name: 'matmulLeft',
  print: matrixNotation('ᵀ', ''),
  shape: (a, b) => {
    innerSizes(a, b, a.rows, b.rows, 'Aᵀ·B');
    return [a.columns, b.columns];
  },
  value: multiplyTransposedLeft,
  simplify: {
    exact: (a, b) => {
      const left = inputsOf(a, transposition);
      return left && matmul(left[0], b);
    },
  },
  partials: [
    (_, _a, b) => ({
      push: (t) => apply(productLeft, t, b),
      pull: (c) => apply(productRight, b, c),
    }),
    (_, a) => ({ push: (t) => apply(productLeft, a, t), pull: (c) => matmul(a, c) }),
  ],
  samples: [[aTransposed, b]],
};

/** A·Bᵀ */
export const productRight: Primitive = {
  name: 'matmulRight',
  print: matrixNotation('', 'ᵀ'),
  shape: (a, b) => {
    innerSizes(a, b, a.columns, b.columns, 'A·Bᵀ');
    return [a.rows, b.rows];
  },
  value: multiplyTransposedRight,
  simplify: {
    exact: (a, b) => {
      const right = inputsOf(b, transposition);
      return right && matmul(a, right[0]);
    },
  },
  partials: [
    (_, _a, b) => ({ push: (t) => apply(productRight, t, b), pull: (c) => matmul(c, b) }),
    (_, a) => ({
      push: (t) => apply(productRight, a, t),
      pull: (c) => apply(productLeft, c, a),
    }),
  ],
  samples: [[a, bTransposed]],
};

const transposition: Primitive = {
  name: 'transpose',
  print: transposeNotation,
  shape: (x) => [x.columns, x.rows],
  value: transposed,
  simplify: {
    exact: (x) => {
      if (x.rows === 1 && x.columns === 1) return x;
      const [left, right] = [inputsOf(x, productLeft), inputsOf(x, productRight)];
      if (left !== undefined) return matmulLeft(left[1], left[0]);
      return right ? matmulRight(right[1], right[0]) : inputsOf(x, transposition)?.[0];
    },
  },
  partials: [() => ({ push: (t) => transpose(t), pull: (c) => transpose(c) })],
  samples: [[a]],
};

/** Square matrix → its diagonal as a column. */
const diagonalOf: Primitive = {
  name: 'diagonal',
  print: call('diag'),
  shape: (x) => {
    if (x.rows === x.columns) return [x.rows, 1];
    throw new ShapeError(`diag: needs a square matrix or a vector, got ${formatShape(x)}`);
  },
  value: (x) => {
    const result = new FlatMatrix(x.rows, 1);
    for (let i = 0; i < x.rows; i++) result.data[i] = x.data[i * x.rows + i];
    return result;
  },
  simplify: { exact: (x) => inputsOf(x, matrixOfDiagonal)?.[0] },
  partials: [
    () => ({ push: (t) => apply(diagonalOf, t), pull: (c) => apply(matrixOfDiagonal, c) }),
  ],
  samples: [square],
};

/** Column → the matrix with it on the diagonal. */
const matrixOfDiagonal: Primitive = {
  name: 'diagonalMatrix',
  print: call('diag'),
  shape: (x) => [x.rows, x.rows],
  value: (x) => {
    const result = new FlatMatrix(x.rows, x.rows);
    for (let i = 0; i < x.rows; i++) result.data[i * x.rows + i] = x.data[i];
    return result;
  },
  partials: [
    () => ({ push: (t) => apply(matrixOfDiagonal, t), pull: (c) => apply(diagonalOf, c) }),
  ],
  samples: [[[[0.5], [-2], [1]]]],
};

interface OfTwo {
  (a: Concrete, b: Concrete): FlatMatrix;
  (a: Operand, b: Operand): Value;
}
interface OfOne {
  (x: Concrete): FlatMatrix;
  (x: Operand): Value;
}
type OfTwoMade = OfTwo & { readonly primitive: Primitive };
type OfOneMade = OfOne & { readonly primitive: Primitive };

/**
 * The matrix product: m×k · k×n → m×n. Throws a ShapeError where the inner sizes differ.
 *
 * ```ts
 * matmul(X, w); // one prediction per row of X
 * ```
 */
export const matmul: OfTwoMade = binary(matrixProduct);

/** Aᵀ·B without forming the transpose: k×m, k×n → m×n. `matmulLeft(X, residual)` */
export const matmulLeft: OfTwoMade = binary(productLeft);

/** A·Bᵀ without forming the transpose: m×k, n×k → m×n. `matmulRight(X, centres)` */
export const matmulRight: OfTwoMade = binary(productRight);

/** Rows become columns: r×c → c×r. `transpose(x)` */
export const transpose: OfOneMade = unary(transposition);

/** Square matrix → its diagonal as a column. */
export const diagonal: OfOneMade = unary(diagonalOf);

/** Column → the matrix with it on the diagonal. */
export const diagonalMatrix: OfOneMade = unary(matrixOfDiagonal);

/** The inner product of two vectors of the same length → 1×1. `dot(x, matmul(A, x))` */
export const dot: OfTwo = ((x: Operand, y: Operand) => {
  const [u, v] = [asColumn('dot', x), asColumn('dot', y)];
  if (u.rows !== v.rows) {
    throw new ShapeError(`dot: the vectors have ${u.rows} and ${v.rows} entries`);
  }
  return sum(mul(u, v));
}) as OfTwo;

/** All products of the entries of two vectors: n, m → n×m. `outer(x, y)` */
export const outer: OfTwo = ((x: Operand, y: Operand) =>
  apply(productRight, asColumn('outer', x), asColumn('outer', y))) as OfTwo;

/** The diagonal of a square matrix as a column; of a vector, the matrix with that diagonal. */
export const diag: OfOne = ((x: Operand) => {
  const value = lift(x, 'diag');
  const isVector = (value.rows === 1) !== (value.columns === 1);
  return isVector ? apply(matrixOfDiagonal, asColumn('diag', value)) : apply(diagonalOf, value);
}) as OfOne;

/** The sum of the diagonal of a square matrix → 1×1. `trace(A)` */
export const trace: OfOne = ((x: Operand) => sum(apply(diagonalOf, x))) as OfOne;

function asColumn(name: string, x: Operand): Value {
  const value = lift(x, name);
  if (value.columns === 1) return value;
  if (value.rows === 1) return reshape(value, [value.columns, 1]);
  throw new ShapeError(`${name}: needs a vector (n×1 or 1×n), got ${formatShape(value)}`);
}
