// Rosenbrock's function (1960), a narrow bent valley with its lowest point at (1, 1): easy to find
// the valley, hard to follow it.
import { add, FlatMatrix, mul, slice, square, sub, type Value } from '@steepest/autodiff';
import {
  adam,
  armijo,
  chain,
  gradientDescent,
  lbfgs,
  momentum,
  type Stepper,
  train,
} from '@steepest/optim';
import { check } from './show/check.ts';
import { printTable, title } from './show/table.ts';

const rosenbrock = (p: Value) => {
  const x = slice(p, [0, 1]);
  const y = slice(p, [1, 2]);
  return add(square(sub(1, x)), mul(100, square(sub(y, square(x)))));
};

const methods: Record<string, Stepper> = {
  'gradient descent': gradientDescent({ rate: 0.001 }),
  momentum: momentum({ rate: 0.0005, decay: 0.95 }),
  Adam: adam({ rate: 0.02 }),
  'gradient descent, Armijo': chain(armijo()),
  'L-BFGS': lbfgs(),
};

export async function run(): Promise<void> {
  title('From (−1.2, 1), until the gradient is below 1e-8 or 20 000 steps are gone');
  const start = new FlatMatrix(2, 1, [-1.2, 1]);
  const rows: [string, number, number, number, string][] = [];
  for (const [name, optimizer] of Object.entries(methods)) {
    const result = await train({
      loss: rosenbrock,
      params: start,
      optimizer,
      stop: { steps: 20_000, gradientNorm: 1e-8 },
    });
    const { steps, evaluations, value, reason } = result;
    rows.push([name, steps, evaluations.gradients + evaluations.values, value, reason]);
  }
  printTable(['method', 'steps', 'evaluations', 'lowest value', 'ended by'], rows);
  const [plain, , , , best] = rows;
  check('L-BFGS gets there', best[4] === 'gradientSmall' && best[3] < 1e-15, `${best[1]} steps`);
  check(
    'plain gradient descent is still on its way',
    plain[4] === 'stepLimit',
    `${plain[1]} steps`,
  );
}
