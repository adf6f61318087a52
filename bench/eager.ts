// One eager gradient of the mean logistic loss, and the matrix products behind it.
import { logisticLoss, matmul, matmulLeft, type Value, valueAndGrad } from '@steepest/autodiff';
import { Matrix } from 'ml-matrix';
import { labels, matrix } from './data.ts';
import { fusedLogistic } from './fused-logistic.ts';
import { measure, report } from './measure.ts';

function logisticGradient(rows: number, columns: number): void {
  const x = matrix(rows, columns);
  const y = labels(rows);
  const w = matrix(columns, 1);
  const gradient = valueAndGrad((v: Value, X: Value, Y: Value) => logisticLoss(matmul(X, v), Y));
  const [X, Y, W] = [x, y, w].map((m) => new Matrix(m.to2DArray()));
  report(
    `Gradient of the mean logistic loss, ${rows}×${columns}`,
    measure([
      { name: 'hand-fused loop', run: () => fusedLogistic(x.data, y.data, w.data, rows, columns) },
      { name: 'steepest, eager', run: () => gradient(w, x, y) },
      { name: 'steepest, eager, ml-matrix inputs', run: () => gradient(W, X, Y) },
      { name: 'ml-matrix by hand', run: () => byHand(X, Y, W) },
    ]),
  );
}

function byHand(X: Matrix, Y: Matrix, W: Matrix) {
  const t = X.mmul(W);
  for (let i = 0; i < t.rows; i++) t.set(i, 0, 1 / (1 + Math.exp(-t.get(i, 0))));
  const residual = Matrix.sub(t, Y);
  return X.transpose().mmul(residual).div(X.rows);
}

function products(m: number, k: number, n: number): void {
  const a = matrix(m, k);
  const b = matrix(k, n);
  const c = matrix(m, n);
  const [A, B, C] = [a, b, c].map((x) => new Matrix(x.to2DArray()));
  const flops = 2 * m * k * n;
  const options = { rounds: flops > 1e8 ? 5 : 15 };
  report(
    `A·B, ${m}×${k} · ${k}×${n}`,
    measure(
      [
        { name: 'ml-matrix mmul', run: () => A.mmul(B) },
        { name: 'steepest matmul', run: () => matmul(a, b) },
      ],
      options,
    ),
  );
  report(
    `Aᵀ·C, (${m}×${k})ᵀ · ${m}×${n}`,
    measure(
      [
        { name: 'ml-matrix transpose, mmul', run: () => A.transpose().mmul(C) },
        { name: 'steepest matmulLeft', run: () => matmulLeft(a, c) },
      ],
      options,
    ),
  );
}

logisticGradient(100, 10);
logisticGradient(1000, 10);
logisticGradient(10000, 100);
products(1000, 100, 1);
products(1000, 100, 10);
products(500, 500, 500);
