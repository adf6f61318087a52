// How fast a fixed rate can be, predicted from the curvature alone and then measured: the theory of
// gradient descent, momentum and Nesterov's method on a quadratic, which least squares is, and on a
// logistic regression, which is one near its minimum. And what happens beyond the limit.
import {
  add,
  FlatMatrix,
  grad,
  item,
  logisticLoss,
  matmul,
  mul,
  norm,
  solve,
  square,
  squaredError,
  sub,
  sum,
  transpose,
  type Value,
} from '@steepest/autodiff';
import {
  analyze,
  gradientDescent,
  minimize,
  momentum,
  nesterov,
  type Stepper,
  train,
} from '@steepest/optim';
import { check } from './show/check.ts';
import { printTable, title } from './show/table.ts';

// A smooth curve through 30 points by a polynomial of degree 3: columns of different scale, as data are.
const t = Array.from({ length: 30 }, (_, i) => (2 * i) / 29 - 1);
const x = new FlatMatrix(
  30,
  4,
  t.flatMap((s) => [1, s, s ** 2, s ** 3]),
);
const y = new FlatMatrix(
  30,
  1,
  t.map((s) => Math.exp(s)),
);
const loss = (w: Value) => squaredError(matmul(x, w), y);

export async function run(): Promise<void> {
  const start = new FlatMatrix(4, 1);
  title('The curvature of the loss, and the best fixed settings that follow from it');
  const analysis = analyze(loss, start);
  console.log(String(analysis).replace(/^/gm, '  '));
  const { gradientDescent: plain, momentum: heavy, nesterov: ahead } = analysis.advice!;

  title('Predicted and measured: what a step multiplies the distance to the minimum by');
  const rows: [string, number, number][] = [];
  for (const [name, optimizer, predicted] of [
    ['gradient descent', gradientDescent(plain.settings), plain.factor],
    ['momentum', momentum(heavy.settings), heavy.factor],
    ['nesterov', nesterov(ahead.settings), ahead.factor],
  ] as const) {
    rows.push([name, predicted, await measuredFactor(optimizer, predicted)]);
  }
  printTable(['method', 'predicted', 'measured'], rows);
  for (const [name, predicted, measured] of rows) {
    // In numbers of steps: by how much the logarithms differ.
    const off = Math.abs(Math.log(measured) / Math.log(predicted) - 1);
    check(
      `${name} goes as predicted`,
      off < 0.15,
      `${(100 * off).toFixed(1)} % more or fewer steps`,
    );
  }

  await beyondTheLimit(start, 2 / analysis.largest);
  await logisticRegression();
}

/** A rate beyond 2/L is told before it diverges, at no cost: the loss rises, and two gradients say why. */
async function beyondTheLimit(start: FlatMatrix, limit: number): Promise<void> {
  title('Beyond 2/L');
  const after = (rate: number) =>
    train({ loss, params: start, optimizer: gradientDescent({ rate }), stop: { steps: 800 } });
  const [below, above] = [await after(0.99 * limit), await after(1.01 * limit)];
  check('1 % below the limit the loss falls', below.value < 0.01, below.value.toPrecision(3));
  check('1 % above it the loss grows', above.value > below.value * 10, above.value.toPrecision(3));
  const [warning = ''] = above.warnings ?? [];
  check('and the run said so', warning.includes('diverges') && !below.warnings?.length, warning);
}

/** Steps until the gradient is a millionth of what it was, predicted and counted. */
async function logisticRegression(): Promise<void> {
  title('Logistic regression: the curvature changes on the way, and holds near the minimum');
  const labels = new FlatMatrix(
    30,
    1,
    t.map((s, i) => Number(s + Math.sin(7 * i) > 0)),
  );
  const l2 = 0.004;
  const risk = (w: Value) =>
    add(logisticLoss(matmul(x, w), labels), mul(l2 / 2, sum(square(w)))) as Value;
  const start = new FlatMatrix(4, 1);
  const { params } = await minimize(risk, start);
  const { advice, condition } = analyze(risk, params);
  const { gradientDescent: plain, momentum: heavy, nesterov: ahead } = advice!;
  console.log(`  condition ${condition.toFixed(1)} at the minimum`);
  const tolerance = 1e-6 * item(norm(grad(risk)(start)));
  const rows: [string, number, number, number, number][] = [];
  for (const [name, method, factor] of [
    ['gradient descent', gradientDescent(plain.settings), plain.factor],
    ['momentum', momentum(heavy.settings), heavy.factor],
    ['nesterov', nesterov(ahead.settings), ahead.factor],
  ] as const) {
    const { rate, steps } = await minimize(risk, start, { method, tolerance, advise: true });
    const { predicted = NaN, measured = NaN } = rate ?? {};
    rows.push([name, predicted, measured, stepsFor(1e-6, factor), steps]);
  }
  printTable(['method', 'predicted', 'measured', 'steps to 1e-6', 'taken'], rows);
  for (const [name, , , predicted, taken] of rows) {
    const off = Math.abs(taken / predicted - 1);
    check(`${name} takes about as many steps`, off < 0.4, `${(100 * off).toFixed(0)} % off`);
  }
}

const stepsFor = (share: number, factor: number): number =>
  Math.ceil(Math.log(share) / Math.log(factor));

const minimum = solve(matmul(transpose(x), x), matmul(transpose(x), y));

/** The mean factor of a stretch of steps late in a run. */
async function measuredFactor(optimizer: Stepper, predicted: number): Promise<number> {
  const stretch = Math.ceil(Math.log(1e-3) / Math.log(predicted));
  const distance = async (steps: number) => {
    const { params } = await train({
      loss,
      params: new FlatMatrix(4, 1),
      optimizer,
      stop: { steps },
    });
    return item(norm(sub(params, minimum)));
  };
  return ((await distance(2 * stretch)) / (await distance(stretch))) ** (1 / stretch);
}
