import {
  type AbstractMatrix,
  CholeskyDecomposition,
  EigenvalueDecomposition,
  inverse,
  LuDecomposition,
  Matrix,
  MatrixColumnSelectionView,
  MatrixColumnView,
  MatrixFlipRowView,
  MatrixRowSelectionView,
  MatrixSelectionView,
  MatrixSubView,
  MatrixTransposeView,
  pseudoInverse,
  QrDecomposition,
  SingularValueDecomposition,
  solve,
  WrapperMatrix1D,
  WrapperMatrix2D,
} from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  add,
  exp,
  FlatMatrix,
  grad,
  hessian,
  jvp,
  matmul,
  mul,
  type NdArrayLike,
  numericGrad,
  type Operand,
  record,
  square,
  sum,
  transpose,
  type Value,
  vjp,
} from '../src/index.ts';
import { column, entries, matrix } from './matrices.ts';

const rows = [
  [1, 2, 3],
  [4, 5, 6],
];
const wide = new Matrix([
  [0, 1, 2, 3],
  [0, 4, 5, 6],
  [9, 9, 9, 9],
]);

/** What another copy of ml-matrix would hand over: the same structure, not the same class. */
class Stranger {
  readonly rows = 2;
  readonly columns = 3;
  get(i: number, j: number): number {
    return rows[i][j];
  }
}

function ndarray(data: NdArrayLike['data'], stride: number[], offset = 0): NdArrayLike {
  return { data, shape: [2, 3], stride, offset };
}

const sameMatrix: readonly [string, Operand][] = [
  ['a FlatMatrix', matrix(rows)],
  ['a Matrix', new Matrix(rows)],
  ['a MatrixSubView', new MatrixSubView(wide, 0, 1, 1, 3)],
  ['a MatrixTransposeView', new MatrixTransposeView(new Matrix(rows).transpose())],
  ['a MatrixSelectionView', new MatrixSelectionView(wide, [0, 1], [1, 2, 3])],
  [
    'a MatrixRowSelectionView',
    new MatrixRowSelectionView(new Matrix([...rows, [7, 7, 7]]), [0, 1]),
  ],
  [
    'a MatrixColumnSelectionView',
    new MatrixColumnSelectionView(new MatrixSubView(wide, 0, 1, 0, 3), [1, 2, 3]),
  ],
  ['a MatrixFlipRowView', new MatrixFlipRowView(new Matrix([rows[1], rows[0]]))],
  ['a WrapperMatrix1D', new WrapperMatrix1D(rows.flat(), { rows: 2 })],
  ['a WrapperMatrix2D', new WrapperMatrix2D(rows)],
  ['a matrix of another copy of ml-matrix', new Stranger() as unknown as AbstractMatrix],
  ['an ndarray', ndarray(Float64Array.from(rows.flat()), [3, 1])],
  ['a transposed ndarray', ndarray(Float64Array.of(1, 4, 2, 5, 3, 6), [1, 2])],
  ['an ndarray with gaps', ndarray(wide.to1DArray(), [4, 1], 1)],
  ['a reversed ndarray', ndarray(Float64Array.of(6, 5, 4, 3, 2, 1), [-3, -1], 5)],
  ['an ndarray of float32', ndarray(Float32Array.from(rows.flat()), [3, 1])],
  ['an ndarray behind get', ndarray({ get: (k: number) => rows.flat()[k] }, [3, 1])],
];

const f = (x: Value) => sum(exp(mul(0.01, matmul(transpose(x), square(x)))));

describe('a FlatMatrix', () => {
  const x = new FlatMatrix(1, 2, [1, 2.5]);

  it('prints where a text is wanted', () => {
    expect(`${x}`).toBe(x.toString());
    expect(String(x)).toMatch(/FlatMatrix \{[^}]*1 +2\.5[^}]*\}/);
    expect(JSON.stringify(x)).toBe('[[1,2.5]]');
  });

  it("refuses JavaScript's operators, which would give NaN or a text", () => {
    const y = x as unknown as number;
    for (const run of [() => 3 * y, () => y + 1, () => -y, () => y < 2, () => Math.exp(y)]) {
      expect(run).toThrow(/1×2 FlatMatrix cannot be used with JavaScript's operators: write mul/);
    }
  });
});

describe('the gradient is the same, and the input untouched, for', () => {
  const exact = entries(grad(f)(matrix(rows)));
  const second = entries(hessian(f)(matrix(rows)));
  for (const [name, x] of sameMatrix) {
    it(name, () => {
      const gradient = grad(f)(x);
      expect(gradient).toBeInstanceOf(FlatMatrix);
      expect(entries(gradient as FlatMatrix)).toEqual(exact);
      expect(entries(hessian(f)(x) as FlatMatrix)).toEqual(second);
      expect(entries(vjp(f)(x).pullback(1) as FlatMatrix)).toEqual(exact);
      expect(entries(jvp(f)(x, x).tangent)[0]).toBeCloseTo(
        exact.reduce((t, g, k) => t + g * (k + 1), 0),
        9,
      );
      expect(entries(record(grad(f))(x).evaluate(x) as FlatMatrix)[0]).toBeCloseTo(exact[0], 9);
      expect(numericGrad(f)(x)).toBeInstanceOf(FlatMatrix);
      expect(entries(x)).toEqual(rows.flat());
    });
  }

  it('a vector as Matrix.columnVector, MatrixColumnView and one-dimensional ndarray', () => {
    const g = (x: Value) => sum(square(x));
    const vectors: Operand[] = [
      Matrix.columnVector([1, 4]),
      new MatrixColumnView(new Matrix(rows), 0),
      { data: Float64Array.of(1, 0, 4), shape: [2], stride: [2], offset: 0 },
    ];
    for (const x of vectors) expect(entries(grad(g)(x) as FlatMatrix)).toEqual([2, 8]);
  });
});

describe('every operation of ml-matrix works on a FlatMatrix as on a Matrix', () => {
  const flat = () =>
    matrix([
      [4, 1, 0.5],
      [1, 3, -0.75],
      [0.5, -0.75, 2],
    ]);
  const theirs = () => new Matrix(flat().to2DArray());
  type Use = (x: AbstractMatrix) => unknown;
  const uses: readonly [string, Use][] = [
    ['add', (x) => x.add(theirs())],
    ['sub', (x) => x.sub(1)],
    ['mul', (x) => x.mul(2)],
    ['div', (x) => x.div(3)],
    ['mod', (x) => x.mod(2)],
    ['pow', (x) => x.pow(2)],
    ['neg', (x) => x.neg()],
    ['exp', (x) => x.exp()],
    ['abs', (x) => x.abs()],
    ['sqrt', (x) => x.abs().sqrt()],
    ['tanh', (x) => x.tanh()],
    ['round', (x) => x.round()],
    ['mmul', (x) => x.mmul(theirs())],
    ['mpow', (x) => x.mpow(3)],
    [
      'strassen2x2',
      (x) =>
        x.subMatrix(0, 1, 0, 1).strassen2x2(
          new Matrix([
            [1, 2],
            [3, 4],
          ]),
        ),
    ],
    ['transpose', (x) => x.transpose()],
    ['sum', (x) => x.sum()],
    ['sum by row', (x) => x.sum('row')],
    ['mean', (x) => x.mean()],
    ['product', (x) => x.product()],
    ['variance', (x) => x.variance()],
    ['standardDeviation', (x) => x.standardDeviation('column')],
    ['max', (x) => x.max()],
    ['maxIndex', (x) => x.maxIndex()],
    ['min', (x) => x.min()],
    ['norm', (x) => x.norm()],
    ['norm max', (x) => x.norm('max')],
    ['trace', (x) => x.trace()],
    ['diag', (x) => x.diag()],
    ['dot', (x) => x.dot(theirs())],
    ['cumulativeSum', (x) => x.cumulativeSum()],
    ['getRow', (x) => x.getRow(1)],
    ['getColumnVector', (x) => x.getColumnVector(2)],
    ['setRow', (x) => x.setRow(0, [1, 2, 3])],
    ['swapRows', (x) => x.swapRows(0, 1)],
    ['swapColumns', (x) => x.swapColumns(0, 2)],
    ['mulRow', (x) => x.mulRow(0, 5)],
    ['addRowVector', (x) => x.addRowVector([1, 2, 3])],
    ['subColumnVector', (x) => x.subColumnVector([1, 2, 3])],
    ['center', (x) => x.center('row')],
    ['scale', (x) => x.scale('column')],
    ['scaleRows', (x) => x.scaleRows()],
    ['fill', (x) => x.fill(7)],
    ['repeat', (x) => x.repeat({ rows: 2, columns: 1 })],
    ['selection', (x) => x.selection([0, 2], [1])],
    ['subMatrix', (x) => x.subMatrix(0, 1, 1, 2)],
    ['subMatrixRow', (x) => x.subMatrixRow([2, 0])],
    ['setSubMatrix', (x) => x.setSubMatrix([[9]], 1, 1)],
    ['kroneckerProduct', (x) => x.kroneckerProduct(theirs())],
    ['kroneckerSum', (x) => x.kroneckerSum(theirs())],
    ['concat', (x) => x.concat?.(theirs())],
    ['isSymmetric', (x) => x.isSymmetric()],
    ['isSquare', (x) => x.isSquare()],
    ['isEmpty', (x) => x.isEmpty()],
    ['isEchelonForm', (x) => x.isEchelonForm()],
    ['echelonForm', (x) => x.echelonForm()],
    ['reducedEchelonForm', (x) => x.reducedEchelonForm()],
    ['sortRows', (x) => x.sortRows()],
    ['sortColumns', (x) => x.sortColumns()],
    ['clone', (x) => x.clone()],
    ['to1DArray', (x) => x.to1DArray()],
    ['to2DArray', (x) => x.to2DArray()],
    ['toJSON', (x) => x.toJSON()],
    ['iteration', (x) => [...x]],
    ['entries', (x) => [...x.entries()]],
    ['values', (x) => [...x.values()]],
    [
      'apply',
      (x) => {
        const seen: number[] = [];
        x.apply(function (this: AbstractMatrix, i, j) {
          seen.push(this.get(i, j));
        });
        return seen;
      },
    ],
    ['LU', (x) => new LuDecomposition(x).determinant],
    ['QR', (x) => new QrDecomposition(x as Matrix).upperTriangularMatrix],
    ['SVD', (x) => new SingularValueDecomposition(x).diagonal],
    ['eigenvalues', (x) => new EigenvalueDecomposition(x).realEigenvalues],
    ['Cholesky', (x) => new CholeskyDecomposition(x as Matrix).lowerTriangularMatrix],
    ['inverse', (x) => inverse(x as Matrix)],
    ['pseudoInverse', (x) => pseudoInverse(x as Matrix)],
    ['solve', (x) => solve(x as Matrix, Matrix.columnVector([1, 2, 3]))],
    ['views', (x) => new MatrixTransposeView(x as Matrix)],
  ];
  const plain = (result: unknown): unknown =>
    typeof result === 'object' && result !== null && 'to2DArray' in result
      ? (result as Matrix).to2DArray()
      : result;
  for (const [name, use] of uses) {
    it(name, () => expect(plain(use(flat()))).toEqual(plain(use(theirs()))));
  }

  it('its own methods count what they write, so that a derivative notices', () => {
    const x = flat();
    x.mul(2);
    expect(x.writes).toBe(9);
  });
});

describe('operations', () => {
  it('return new matrices, and leave both operands alone', () => {
    const a = column(1, 2);
    const b = new Matrix([[3], [4]]);
    const c = add(a, b);
    c.set(0, 0, 99);
    expect(entries(a)).toEqual([1, 2]);
    expect(b.to1DArray()).toEqual([3, 4]);
    for (const same of [add(a, 0), mul(a, 1), transpose(column(5))]) expect(same).not.toBe(a);
  });
});
