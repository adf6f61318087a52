// A penalty tuned by its gradient: the fitted weights are an operation of the penalty, so that the
// validation loss can be differentiated through the whole fit.
import {
  add,
  checkGrad,
  exp,
  FlatMatrix,
  matmul,
  mul,
  square,
  squaredError,
  sum,
  type Value,
} from '@steepest/autodiff';
import { argmin, minimize } from '@steepest/optim';
import { check, checkAtMost } from './show/check.ts';
import { printTable, title } from './show/table.ts';

// Twelve noisy features, of which three matter: few rows, so that a penalty helps.
const features = 12;
const truth = (x: FlatMatrix, i: number) => x.get(i, 0) - 2 * x.get(i, 1) + 0.5 * x.get(i, 2);
const noise = (k: number) => Math.sin(12.9898 * k + 78.233 * k * k);
const make = (rows: number, from: number) => {
  const x = new FlatMatrix(
    rows,
    features,
    Array.from({ length: rows * features }, (_, k) => noise(from + k)),
  );
  const y = new FlatMatrix(
    rows,
    1,
    Array.from({ length: rows }, (_, i) => truth(x, i) + noise(7 * from + i)),
  );
  return { x, y };
};
const train = make(20, 1);
const validation = make(200, 1000);

/** The ridge weights as a function of the logarithm of the penalty. */
const weights = argmin(
  (w: Value, logPenalty: Value) =>
    add(squaredError(matmul(train.x, w), train.y), mul(exp(logPenalty), sum(square(w)))),
  new FlatMatrix(features, 1),
);
const validationLoss = (logPenalty: Value) =>
  squaredError(matmul(validation.x, weights(logPenalty)), validation.y);

export async function run(): Promise<void> {
  title('The validation loss, minimized over the penalty by L-BFGS');
  const start = new FlatMatrix(1, 1, [-8]);
  const found = await minimize(validationLoss, start);
  console.log(String(found).replace(/^/gm, '  '));
  const best = found.params.data[0];
  const rows = [-8, -4, best, 0, 2].map((log): [number, number] => {
    const at = validationLoss(new FlatMatrix(1, 1, [log])) as FlatMatrix;
    return [Math.exp(log), at.data[0]];
  });
  printTable(['penalty', 'validation loss'], rows);
  check(
    'no other penalty of the table does better',
    rows.every(([, v]) => v >= found.value - 1e-12),
    `${Math.exp(best).toPrecision(4)}`,
  );
  checkAtMost(
    'the gradient through the fit agrees with difference quotients',
    checkGrad(validationLoss)(new FlatMatrix(1, 1, [-2])).maxRelativeError,
    1e-6,
  );
}
