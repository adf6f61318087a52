import {
  add,
  checkGrad,
  exp,
  FlatMatrix,
  grad,
  jvp,
  logisticLoss,
  matmul,
  mul,
  solve,
  square,
  squaredError,
  sum,
  toFlatMatrix,
  transpose,
  type Value,
} from '@steepest/autodiff';
import { expect, it } from 'vitest';
import { argmin } from '../src/index.ts';

const x = new FlatMatrix(6, 2, [1, 0.5, -0.3, 1.2, 0.7, -1, 2, 0.1, -1.4, 0.3, 0.2, 0.9]);
const y = new FlatMatrix(6, 1, [1, -0.5, 0.3, 1.5, -1, 0.2]);
const labels = new FlatMatrix(6, 1, [1, 0, 1, 1, 0, 0]);
const start = new FlatMatrix(2, 1);

const ridge = argmin(
  (w: Value, l: Value) => add(squaredError(matmul(x, w), y), mul(l, sum(square(w)))),
  start,
);

/** The same in closed form: mean (Xw − y)² … whatever squaredError's scale is, by its own optimality. */
const closed = (l: Value): Value => {
  const gram = matmul(transpose(x), x);
  const identity = new FlatMatrix(2, 2, [1, 0, 0, 1]);
  const scale = scaleOfLoss();
  return solve(
    add(mul(scale, gram), mul(mul(2, l), identity)),
    mul(scale, matmul(transpose(x), y)),
  );
};

/** The factor c of c Xᵀ(Xw − y) in the gradient of squaredError. */
function scaleOfLoss(): number {
  const g = grad((w: Value) => squaredError(matmul(x, w), y))(start);
  const direct = toFlatMatrix(mul(-1, matmul(transpose(x), y)));
  return g.data[0] / direct.data[0];
}

it('gives the minimizer, and the derivative that the closed form has', () => {
  const l = new FlatMatrix(1, 1, [0.3]);
  expect(toFlatMatrix(ridge(l)).to1DArray()).toEqual(
    toFlatMatrix(closed(l))
      .to1DArray()
      .map((v) => expect.closeTo(v, 9)),
  );
  const through = grad((t: Value) => sum(square(ridge(t))))(l);
  const exact = grad((t: Value) => sum(square(closed(t))))(l);
  expect(through.data[0]).toBeCloseTo(exact.data[0], 8);
  const push = jvp((t: Value) => ridge(t))(l, new FlatMatrix(1, 1, [1]));
  const closedPush = jvp((t: Value) => closed(t))(l, new FlatMatrix(1, 1, [1]));
  push.tangent.data.forEach((v, i) => {
    expect(v).toBeCloseTo(closedPush.tangent.data[i], 8);
  });
});

it('differentiates with respect to a structure of hyperparameters, to second order', () => {
  const fit = argmin(
    (w: Value, p: { logL2: Value; weights: Value }) =>
      add(logisticLoss(matmul(mul(x, p.weights), w), labels), mul(exp(p.logL2), sum(square(w)))),
    start,
  );
  const outer = (p: { logL2: Value; weights: Value }) => squaredError(matmul(x, fit(p)), y);
  const at = {
    logL2: new FlatMatrix(1, 1, [-2]),
    weights: new FlatMatrix(6, 1, [1, 2, 1, 0.5, 1, 1]),
  };
  expect(checkGrad(outer)(at).maxRelativeError).toBeLessThan(1e-6);
  const second = checkGrad((l: Value) => sum(grad((t: Value) => sum(square(ridge(t))))(l)))(
    new FlatMatrix(1, 1, [0.3]),
  );
  expect(second.maxRelativeError).toBeLessThan(1e-5);
});

it('says where the inner problem is not solved', () => {
  const steep = argmin((w: Value, l: Value) => mul(l, sum(w)), start, { maxSteps: 5 });
  expect(() => steep(new FlatMatrix(1, 1, [1]))).toThrow(/^argmin: |^newton: /);
  expect(() => argmin(3 as never, start)).toThrow('argmin: f must be a function');
});
