import { describe, expect, test } from 'vitest';
import { FlatMatrix, mul, type Value } from '../packages/autodiff/src/index.ts';
import {
  adam,
  amsgrad,
  box,
  chain,
  proximal,
  type Stepper,
  train,
} from '../packages/optim/src/index.ts';
import { contestants, rates, scoresOf } from './contest/contestants.ts';
import { problemOf } from './contest/problems.ts';

// A method stays in the library only if there is a problem on which it beats both adam and lbfgs, each at
// the best rate of one grid; `npm run bench -- methods` prints the whole table. Penalties, bounds and data
// that are not finite, where neither can run as it is, have tests of their own in packages/optim.

const contestant = (name: string) => contestants.find((one) => one.name === name)!;
const mean = (scores: readonly number[]) =>
  Math.exp(scores.reduce((total, x) => total + Math.log(Math.min(x, 1e6)), 0) / scores.length);

/** Each method at one rate; adam at that of the grid which suits it best, and the two beside it. */
const tuned: Record<string, readonly [draws: number, adam: readonly number[], [string, number][]]> =
  {
    'logistic rows': [
      3,
      [0.01, 10 ** -1.5, 0.1],
      [
        ['adamax', 10 ** -1.5],
        ['adam, lookahead', 10 ** -1.5],
        ['adabelief', 0.01],
        ['scheduleFree', 10 ** 0.5],
        ['scheduleFreeAdamw', 0.1],
        ['adam, one cycle', 10 ** -1.5],
        ['momentum, one cycle', 10 ** -0.5],
        ['adam, exponential average', 10 ** -1.5],
        ['sgd, polyak average', 10 ** 0.5],
      ],
    ],
    'long sum': [
      1,
      [10 ** -2.5, 0.01, 10 ** -1.5],
      [
        ['saga', 10 ** -0.5],
        ['svrg', 0.1],
      ],
    ],
    'heavy-tailed stream': [
      1,
      [10 ** -2.5, 0.01, 10 ** -1.5],
      [
        ['adaptive clip, sgd', 1],
        ['lion', 10 ** -2.5],
        ['nadam', 0.01],
      ],
    ],
    'power four': [1, [0.1, 10 ** -0.5, 1], [['armijo', Number.NaN]]],
    sphere: [
      1,
      [0.1, 10 ** -0.5, 1],
      [
        ['barzilai–borwein', Number.NaN],
        ['newton–cg', Number.NaN],
      ],
    ],
    'ill-conditioned bowl': [
      1,
      [0.1, 10 ** -0.5, 1],
      [
        ['bfgs', Number.NaN],
        ['newton', Number.NaN],
      ],
    ],
  };

describe('with the rate that suits each, beats adam and lbfgs', () => {
  for (const [name, [draws, grid, winners]] of Object.entries(tuned)) {
    test(`on ${name}: ${winners.map(([winner]) => winner).join('; ')}`, {
      timeout: 60_000,
    }, async () => {
      const problem = problemOf(name, draws);
      const bar = Math.min(
        ...(await scoresOf(problem, contestant('adam'), grid)),
        ...(await scoresOf(problem, contestant('lbfgs'), grid)),
      );
      for (const [winner, rate] of winners) {
        const [score] = await scoresOf(problem, contestant(winner), [rate]);
        expect.soft(score, winner).toBeLessThan(bar);
      }
    });
  }
});

const everyOther = rates.filter((_, k) => k % 2 === 0);

/** What one gets who does not know the rate: the geometric mean over the grid. */
const unknown: Record<string, readonly string[]> = {
  'logistic rows': ['dog'],
  network: ['prodigy'],
  'rows that fit exactly': ['radam', 'polyak step'],
  'rare words': ['momentum, plateau'],
};

describe('where the rate is not known, beats adam and lbfgs', () => {
  for (const [name, winners] of Object.entries(unknown)) {
    test(`on ${name}: ${winners.join('; ')}`, { timeout: 60_000 }, async () => {
      const problem = problemOf(name, 1);
      const overGrid = async (one: string) =>
        mean(await scoresOf(problem, contestant(one), everyOther));
      const bar = Math.min(await overGrid('adam'), await overGrid('lbfgs'));
      for (const winner of winners) expect.soft(await overGrid(winner), winner).toBeLessThan(bar);
    });
  }
});

test('amsgrad goes the right way where adam does not (Reddi, Kale & Kumar, 2018, theorem 1)', async () => {
  // Slopes C, −1, −1: their mean is positive, so −1 is the best of [−1, 1].
  const source = {
    rows: 3,
    batchesPerEpoch: 3,
    *epoch() {
      for (const slope of [3, -1, -1]) yield new FlatMatrix(1, 1, [slope]);
    },
  };
  const settings = { rate: (step: number) => 0.1 / Math.sqrt(step + 1), b1: 0, b2: 0.1 };
  const end = async (optimizer: Stepper) => {
    const { params } = await train({
      loss: (w: Value, slope: FlatMatrix) => mul(slope, w),
      params: new FlatMatrix(1, 1),
      data: source,
      optimizer: chain(optimizer, proximal(box(-1, 1))) as Stepper,
      epochs: 1000,
    });
    return params.get(0, 0);
  };
  expect(await end(adam(settings))).toBeGreaterThan(0.9);
  expect(await end(amsgrad(settings))).toBeLessThan(-0.9);
});
