import { describe, expect, it } from 'vitest';
import {
  absoluteError,
  crossEntropy,
  FlatMatrix,
  grad,
  hessian,
  hingeLoss,
  huberLoss,
  logisticLoss,
  matmul,
  poissonLoss,
  record,
  squaredError,
  toFlatMatrix,
  type Value,
} from '../src/index.ts';
import { closeTo, column, entries, matrix } from './matrices.ts';

const X = matrix([
  [1, 0.5],
  [-2, 1],
  [0.3, -1.5],
]);
const w = column(0.4, -0.7);
const t = entries(X.mmul(w));
const n = 3;
const logistic = (s: number) => 1 / (1 + Math.exp(-s));

function slopes(f: (s: number, i: number) => number): FlatMatrix {
  return X.transpose()
    .mmul(column(...t.map(f)))
    .mul(1 / n) as unknown as FlatMatrix;
}

describe('the gradient of', () => {
  it('squaredError is 2 Xᵀ(Xw − y)/n, its Hessian 2 XᵀX/n', () => {
    const y = column(1, -1, 2);
    const f = (v: Value) => squaredError(matmul(X, v), y);
    closeTo(
      grad(f)(w),
      slopes((s, i) => 2 * (s - y.data[i])),
      1e-15,
    );
    closeTo(
      hessian(f)(w),
      X.transpose()
        .mmul(X)
        .mul(2 / n),
      1e-15,
    );
  });

  it('absoluteError is Xᵀ sign(Xw − y)/n', () => {
    const y = column(1, -3, 2);
    closeTo(
      grad((v: Value) => absoluteError(matmul(X, v), y))(w),
      slopes((s, i) => Math.sign(s - y.data[i])),
      1e-15,
    );
  });

  it('logisticLoss is Xᵀ(σ(Xw) − y)/n, its Hessian Xᵀ diag(σ(1 − σ)) X/n', () => {
    const y = column(1, 0, 0.25);
    const f = (v: Value) => logisticLoss(matmul(X, v), y);
    closeTo(
      grad(f)(w),
      slopes((s, i) => logistic(s) - y.data[i]),
      1e-15,
    );
    const weights = t.map((s) => logistic(s) * logistic(-s));
    const weighted = new FlatMatrix(
      3,
      2,
      entries(X).map((x, k) => x * weights[k >> 1]),
    );
    closeTo(
      hessian(f)(w),
      X.transpose()
        .mmul(weighted)
        .mul(1 / n),
      1e-15,
    );
    expect(entries(logisticLoss(column(800, -800), column(0, 1)))).toEqual([800]);
    expect(entries(logisticLoss(column(800, -800), column(1, 0)))).toEqual([0]);
  });

  it('poissonLoss is Xᵀ(e^(Xw) − y)/n', () => {
    const y = column(2, 0, 1);
    closeTo(
      grad((v: Value) => poissonLoss(matmul(X, v), y))(w),
      slopes((s, i) => Math.exp(s) - y.data[i]),
      1e-15,
    );
  });

  it('hingeLoss is −Xᵀ y over the rows with y t < 1', () => {
    const y = column(1, -1, 1);
    closeTo(
      grad((v: Value) => hingeLoss(matmul(X, v), y))(w),
      slopes((s, i) => (y.data[i] * s < 1 ? -y.data[i] : 0)),
      1e-15,
    );
    expect(grad((s: Value) => hingeLoss(s, 1))(1)).toBe(0);
  });

  it('huberLoss is Xᵀ clip(Xw − y, −δ, δ)/n', () => {
    const y = column(1, -3, 0.9);
    const delta = 1.25;
    closeTo(
      grad((v: Value) => huberLoss(delta)(matmul(X, v), y))(w),
      slopes((s, i) => Math.max(-delta, Math.min(delta, s - y.data[i]))),
      1e-15,
    );
    const at = (r: number) => entries(huberLoss(delta)(r, 0))[0];
    expect(at(1)).toBeCloseTo(0.5, 15);
    expect(at(-3)).toBeCloseTo(delta * 3 - delta ** 2 / 2, 15);
    expect(grad((r: Value) => huberLoss(delta)(r, 0))(0)).toBe(0);
    expect(grad((r: Value) => huberLoss(delta)(r, 0))(delta)).toBe(delta);
  });

  it('crossEntropy is Xᵀ(softmax(XW) − one-hot)/n', () => {
    const W = matrix([
      [0.1, -0.4, 0.3],
      [0.8, 0.2, -0.6],
    ]);
    const classes = [2, 0, 1];
    const rest = X.mmul(W)
      .to2DArray()
      .flatMap((row, i) => {
        const total = row.reduce((sum, s) => sum + Math.exp(s), 0);
        return row.map((s, j) => Math.exp(s) / total - (classes[i] === j ? 1 : 0));
      });
    closeTo(
      grad((V: Value) => crossEntropy(matmul(X, V), classes))(W),
      X.transpose()
        .mmul(new FlatMatrix(3, 3, rest))
        .mul(1 / n),
      1e-15,
    );
    expect(entries(crossEntropy(matrix([[1000, 0]]), [1]))).toEqual([1000]);
  });
});

describe('targets that a loss does not take', () => {
  it('are let through where rounding made them, where they are missing, or are symbols', () => {
    const nearly = column(-1e-12, 1 + 1e-12, 0.5);
    expect(entries(logisticLoss(column(0, 0, 0), nearly))[0]).toBeCloseTo(Math.LN2, 12);
    expect(entries(logisticLoss(0, NaN))).toEqual([NaN]);
    const graph = record((y: Value) => logisticLoss(1, y))(-1);
    expect(graph.evaluate(-1).data[0]).toBeCloseTo(Math.log1p(Math.E) + 1, 12);
  });
});

it('toFlatMatrix takes rows as nested arrays', () => {
  const x = toFlatMatrix([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect([x.rows, x.columns, ...entries(x)]).toEqual([3, 2, 1, 2, 3, 4, 5, 6]);
  expect(() => toFlatMatrix([1, 2])).toThrow('toFlatMatrix([[1, 2], [3, 4]])');
});
