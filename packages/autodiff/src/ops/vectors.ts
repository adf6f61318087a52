import type { Composed, Unary } from '../primitive/definition.ts';
import { call } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { inputsOf } from '../primitive/term.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError } from '../values/shape.ts';
import { mul } from './arithmetic.ts';
import { sum } from './broadcast.ts';
import { matmulRight } from './matmul.ts';
import { reshape } from './reshape.ts';

/** Square matrix → its diagonal as a column. */
export const diagonal: Unary = op({
  name: 'diagonal',
  print: call('diag'),
  shape: (x) => {
    if (x.rows === x.columns) return [x.rows, 1];
    throw new ShapeError(`diag: needs a square matrix or a vector, got ${formatShape(x)}`);
  },
  value: (x: FlatMatrix) => {
    const result = new FlatMatrix(x.rows, 1);
    for (let i = 0; i < x.rows; i++) result.data[i] = x.data[i * x.rows + i];
    return result;
  },
  simplify: { exact: (x) => inputsOf(x, diagonalMatrix.primitive)?.[0] },
  partials: [() => ({ push: (t) => diagonal(t), pull: (c) => diagonalMatrix(c) })],
  samples: [
    [
      [
        [2, 0.5],
        [-1, 1.5],
      ],
    ],
  ],
});

/** Column → the matrix with it on the diagonal. */
export const diagonalMatrix: Unary = op({
  name: 'diagonalMatrix',
  print: call('diag'),
  shape: (x) => [x.rows, x.rows],
  value: (x: FlatMatrix) => {
    const result = new FlatMatrix(x.rows, x.rows);
    for (let i = 0; i < x.rows; i++) result.data[i * x.rows + i] = x.data[i];
    return result;
  },
  partials: [() => ({ push: (t) => diagonalMatrix(t), pull: (c) => diagonal(c) })],
  samples: [[[[0.5], [-2], [1]]]],
});

/** The inner product of two vectors of the same length → 1×1. `dot(x, matmul(A, x))` */
export const dot: Composed<[x: number, y: number]> = ((x: Operand, y: Operand) => {
  const [u, v] = [asColumn('dot', x), asColumn('dot', y)];
  if (u.rows !== v.rows) {
    throw new ShapeError(`dot: the vectors have ${u.rows} and ${v.rows} entries`);
  }
  return sum(mul(u, v));
}) as Composed<[x: number, y: number]>;

/** All products of the entries of two vectors: n, m → n×m. `outer(x, y)` */
export const outer: Composed<[x: number, y: number]> = ((x: Operand, y: Operand) =>
  matmulRight(asColumn('outer', x), asColumn('outer', y))) as Composed<[x: number, y: number]>;

/** The diagonal of a square matrix as a column; of a vector, the matrix with that diagonal. */
export const diag: Composed<[x: number]> = ((x: Operand) => {
  const value = lift(x, 'diag');
  const isVector = (value.rows === 1) !== (value.columns === 1);
  return isVector ? diagonalMatrix(asColumn('diag', value)) : diagonal(value);
}) as Composed<[x: number]>;

/** The sum of the diagonal of a square matrix → 1×1. `trace(A)` */
export const trace: Composed<[x: number]> = ((x: Operand) => sum(diagonal(x))) as Composed<
  [x: number]
>;

function asColumn(name: string, x: Operand): Value {
  const value = lift(x, name);
  if (value.columns === 1) return value;
  if (value.rows === 1) return reshape(value, [value.columns, 1]);
  throw new ShapeError(`${name}: needs a vector (n×1 or 1×n), got ${formatShape(value)}`);
}
