import { LuDecomposition } from 'ml-matrix';
import type { Unary } from '../primitive/definition.ts';
import { call } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import type { LinearMap } from '../primitive/primitive.ts';
import { FlatMatrix, scalar } from '../values/flat-matrix.ts';
import { concrete } from '../values/item.ts';
import type { Value } from '../values/operand.ts';
import { add, mul, sub } from './arithmetic.ts';
import { sum } from './broadcast.ts';
import { stack } from './concat.ts';
import {
  identity,
  inverse,
  isSingular,
  regular,
  regularSamples,
  solved,
  squareSize,
} from './decompositions.ts';
import { matmul, matmulLeft, matmulRight, transpose } from './matmul.ts';
import { product } from './product.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';

/** The determinant → 1×1; its gradient is exact where the matrix is singular, too. `det(A)` */
export const det: Unary = op({
  name: 'det',
  print: call('det', '\\det'),
  shape: (x) => {
    squareSize('det', x);
    return [1, 1];
  },
  value: (x: FlatMatrix) => scalar(determinant(x)),
  // d(det A) = Σ cofactor · dA: the cofactors exist where A is singular too.
  partials: [
    (_, x) => {
      const cofactors = cofactorsOf(x);
      return {
        push: (t) => sum(product(cofactors, t)),
        pull: (c) => product(c, cofactors),
      };
    },
  ],
  samples: regularSamples,
});

/** Up to this size, minors cost little. */
const small = 4;

/** Up to this size, minors are worth their price where a matrix is nearly singular. */
const medium = 12;
const nearlySingular = 1e-6;

/** The determinants of all minors, signed: n×n → n×n. */
export const cofactorsOf: Unary = op({
  name: 'cofactors',
  shape: (x) => {
    squareSize('cofactors', x);
    return [x.rows, x.columns];
  },
  value: cofactors,
  // C = det(A) A⁻ᵀ =: det W, and dC = ⟨C, dA⟩ W − C dAᵀ W where the inverse exists. That loses digits
  // as A nears a singular matrix, so small and (nearly) singular ones go entry by entry instead:
  // C[i, j] = ± the determinant of A without row i, column j.
  partials: [
    (c, x) => {
      if (needsMinors(x)) return byMinors(x);
      const w = transpose(inverse(x));
      return {
        push: (t) => sub(product(sum(product(c, t)), w), matmul(matmulRight(c, t), w)),
        pull: (g) => sub(product(sum(product(g, w)), c), matmul(matmulRight(w, g), c)),
      };
    },
  ],
  samples: [
    [regular],
    [[[2]]],
    [
      [
        [2, 1, 0.5, 0],
        [-1, 1.5, 0.75, 1],
        [0.5, 0.25, 3, -0.5],
        [1, 0, -2, 1.25],
      ],
    ],
    [
      [
        [2, 1, 0.5, 0, 1],
        [-1, 1.5, 0.75, 1, 0],
        [0.5, 0.25, 3, -0.5, -1],
        [1, 0, -2, 1.25, 0.5],
        [0, -1, 0.5, 0.25, 2],
      ],
    ],
  ],
});

/** The derivative of the cofactors from those of the minors, which are smaller. */
function byMinors(x: Value): LinearMap {
  const n = x.rows;
  if (n === 0) return { push: (t) => t, pull: (g) => g };
  const places = Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    const [above, beside] = [allBut(n, i), allBut(n, j)];
    const sign = (i + j) % 2 === 0 ? 1 : -1;
    const minor = (t: Value) => matmulRight(matmul(above, t), beside);
    return { above, beside, minor, slopes: mul(sign, cofactorsOf(minor(x))) };
  });
  return {
    push: (t) =>
      reshape(stack(places.map(({ minor, slopes }) => sum(product(slopes, minor(t))))), [n, n]),
    pull: (g) =>
      places
        .map(({ above, beside, slopes }, k) => {
          const [i, j] = [Math.floor(k / n), k % n];
          const cotangent = product(slice(g, [i, i + 1], [j, j + 1]), slopes);
          return matmul(matmulLeft(above, cotangent), beside);
        })
        .reduce((a, b) => add(a, b)),
  };
}

/** The identity without one row: multiplied from the left, it takes that row away. */
function allBut(n: number, row: number): FlatMatrix {
  const result = new FlatMatrix(n - 1, n);
  for (let i = 0; i < n - 1; i++) result.data[i * n + (i < row ? i : i + 1)] = 1;
  return result;
}

function needsMinors(x: Value): boolean {
  if (x.rows <= small) return true;
  const numbers = numbersBehind(x);
  return numbers !== undefined && isTooSingular(numbers, new LuDecomposition(numbers));
}

function isTooSingular(x: FlatMatrix, lu: LuDecomposition): boolean {
  return isSingular(x, lu, x.rows <= medium ? nearlySingular : undefined);
}

/** undefined for a symbolic value, which has no numbers yet. */
function numbersBehind(x: Value): FlatMatrix | undefined {
  try {
    return concrete(x);
  } catch {
    return undefined;
  }
}

function determinant(x: FlatMatrix): number {
  if (x.rows === 0) return 1;
  if (x.rows === 1) return x.data[0];
  if (x.rows === 2) return x.data[0] * x.data[3] - x.data[1] * x.data[2];
  return new LuDecomposition(x).determinant;
}

function cofactors(x: FlatMatrix): FlatMatrix {
  const n = x.rows;
  const result = new FlatMatrix(n, n);
  const lu = n > small ? new LuDecomposition(x) : undefined;
  if (lu !== undefined && !isTooSingular(x, lu)) {
    const inverse = solved(lu, identity(n));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) result.data[i * n + j] = lu.determinant * inverse.get(j, i);
    }
    return result;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      result.data[i * n + j] = ((i + j) % 2 === 0 ? 1 : -1) * determinant(without(x, i, j));
    }
  }
  return result;
}

/** x without one row and one column. */
function without(x: FlatMatrix, row: number, column: number): FlatMatrix {
  const result = new FlatMatrix(x.rows - 1, x.columns - 1);
  let k = 0;
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++) {
      if (i !== row && j !== column) result.data[k++] = x.data[i * x.columns + j];
    }
  }
  return result;
}

/** log|det A| → 1×1, without overflow. `logDet(covariance)` */
export const logDet: Unary = op({
  name: 'logDet',
  print: call('logDet', '\\log\\det'),
  shape: (x) => {
    squareSize('logDet', x);
    return [1, 1];
  },
  value: (x: FlatMatrix) => {
    let total = 0;
    if (x.rows > 0) {
      const upper = new LuDecomposition(x).upperTriangularMatrix;
      for (let i = 0; i < x.rows; i++) total += Math.log(Math.abs(upper.get(i, i)));
    }
    return scalar(total);
  },
  // d(log|det A|) = tr(A⁻¹ dA)
  partials: [
    (_, x) => {
      const w = transpose(inverse(x));
      return { push: (t) => sum(product(w, t)), pull: (c) => product(c, w) };
    },
  ],
  samples: regularSamples,
});
