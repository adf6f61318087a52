import {
  add,
  FlatMatrix,
  matmul,
  mul,
  square,
  squaredError,
  sum,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, it } from 'vitest';
import {
  adam,
  chain,
  descend,
  elasticNet,
  fista,
  groupLasso,
  ista,
  l1,
  masked,
  minimize,
  nonNegative,
  proximal,
  type Stepper,
  sgd,
  simplex,
  train,
} from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { breastCancer, logisticLoss } from '../support/problems.ts';

/** 40 rows in 8 columns, of which three matter. */
const rows = 40;
const noise = (k: number) => Math.sin(12.9898 * k + 78.233 * k * k);
const x = new FlatMatrix(
  rows,
  8,
  Array.from({ length: rows * 8 }, (_, k) => noise(k + 1)),
);
const y = new FlatMatrix(
  rows,
  1,
  Array.from(
    { length: rows },
    (_, i) => 2 * x.get(i, 0) - x.get(i, 3) + 0.5 * x.get(i, 5) + 0.1 * noise(9 * i),
  ),
);
const half = (w: Value) => mul(0.5, squaredError(matmul(x, w), y));
const start = new FlatMatrix(8, 1);

/** xⱼᵀ(Xw − y)/n, the gradient of the mean of squares halved, whatever squaredError's scale is. */
function slopes(w: FlatMatrix): number[] {
  const r = (matmul(x, w) as FlatMatrix).data.map((p, i) => p - y.data[i]);
  return Array.from(
    { length: 8 },
    (_, j) => r.reduce((t, ri, i) => t + ri * x.get(i, j), 0) / rows,
  );
}

/** By how much w misses the lasso's optimality conditions |gⱼ| ≤ λ, gⱼ = −λ sign(wⱼ) where wⱼ ≠ 0. */
function kkt(w: FlatMatrix, lambda: number, scale: number): number {
  return Math.max(
    ...slopes(w).map((g, j) => {
      const slope = scale * g;
      return w.data[j] === 0
        ? Math.max(0, Math.abs(slope) - lambda)
        : Math.abs(slope + lambda * Math.sign(w.data[j]));
    }),
  );
}

const scale = (() => {
  // d half / dw at 0 beside −Xᵀy/n.
  const g = numericSlope();
  return g / slopes(start)[0];
})();

function numericSlope(): number {
  const at = (h: number) => {
    const w = new FlatMatrix(8, 1);
    w.data[0] = h;
    return (half(w) as FlatMatrix).data[0];
  };
  return (at(1e-3) - at(-1e-3)) / 2e-3;
}

describe('the lasso by', () => {
  const methods: Record<string, Stepper> = {
    ista: ista({ penalty: l1(0.1), rate: 0.3 }),
    fista: fista({ penalty: l1(0.1), rate: 0.3 }),
    'adam with a proximal step': chain(adam({ rate: 0.02 }), proximal(l1(0.1))),
  };
  for (const [name, method] of Object.entries(methods)) {
    it(name, async () => {
      const result = await minimize(half, start, { method, maxSteps: 5000, tolerance: 1e-9 });
      expect(result.reason, String(result)).toBe('gradientSmall');
      expect(kkt(result.params, 0.1, scale)).toBeLessThan(1e-7);
      const zeros = [...result.params.data].flatMap((w, j) => (w === 0 ? [j] : []));
      expect(zeros.length).toBeGreaterThanOrEqual(2);
      // The penalty is part of what is reported.
      const penalty = 0.1 * result.params.data.reduce((t, w) => t + Math.abs(w), 0);
      expect(result.value).toBeCloseTo((half(result.params) as FlatMatrix).data[0] + penalty, 12);
    });
  }

  it('fista ends where its answer is stationary, not only the point at which it looks', async () => {
    for (const rate of [0.05, 0.1, 0.2, 0.3]) {
      for (const tolerance of [1e-2, 1e-4, 1e-6, 1e-8]) {
        const method = fista({ penalty: l1(0.1), rate });
        const result = await minimize(half, start, { method, maxSteps: 5000, tolerance });
        expect(result.reason).toBe('gradientSmall');
        expect(result.converged, String(result)).toBe(true);
        expect(result.gradientNorm).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  it('fista takes fewer steps than ista where columns are alike', async () => {
    const alike = new FlatMatrix(
      rows,
      8,
      x.data.map((v, k) => 0.1 * v + noise(Math.floor(k / 8))),
    );
    const loss = (w: Value) => mul(0.5, squaredError(matmul(alike, w), y));
    const steps = async (method: Stepper) =>
      (await minimize(loss, start, { method, maxSteps: 50_000, tolerance: 1e-8 })).steps;
    const settings = { penalty: l1(0.001), rate: 0.1 };
    expect(await steps(fista(settings))).toBeLessThan((await steps(ista(settings))) / 3);
  });
});

it('logistic regression with minibatches and a penalty on the weights alone ends at exact zeros', async () => {
  const { params } = await train({
    loss: logisticLoss,
    params: { w: new FlatMatrix(30, 1), b: 0 },
    data: shuffledBatches(breastCancer, 32),
    optimizer: chain(
      sgd({ rate: 0.05 }),
      masked(proximal(l1(0.05)), (path) => path !== 'b'),
    ),
    epochs: 20,
  });
  expect(params.w.data.filter((w) => w === 0).length).toBeGreaterThan(5);
  expect(params.b).not.toBe(0);
});

it('constraints hold at every answer', async () => {
  const weights = await minimize(half, start, { method: fista({ penalty: simplex(), rate: 0.3 }) });
  expect(weights.params.data.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  expect(Math.min(...weights.params.data)).toBeGreaterThanOrEqual(0);
  const positive = await minimize(half, start, {
    method: ista({ penalty: nonNegative(), rate: 0.3 }),
  });
  expect(positive.converged).toBe(true);
  slopes(positive.params).forEach((g, j) => {
    expect(positive.params.data[j] > 0 ? Math.abs(g) : Math.max(0, -g)).toBeLessThan(1e-7);
  });
});

it('the elastic net is the lasso of the data with ridge rows', async () => {
  const net = await minimize(half, start, {
    method: fista({ penalty: elasticNet(0.2, 0.4), rate: 0.3 }),
    tolerance: 1e-11,
  });
  const ridge = (w: Value) => add(half(w), mul((0.2 * 0.6) / 2, sum(square(w))));
  const lasso = await minimize(ridge, start, {
    method: fista({ penalty: l1(0.2 * 0.4), rate: 0.3 }),
    tolerance: 1e-11,
  });
  net.params.data.forEach((w, j) => {
    expect(w).toBeCloseTo(lasso.params.data[j], 9);
  });
});

it('groups vanish together', async () => {
  const targets = matmul(x, new FlatMatrix(8, 2, [2, -1, ...Array(14).fill(0)])) as FlatMatrix;
  const loss = (w: Value) => squaredError(matmul(x, w), targets);
  const { params } = await minimize(loss, new FlatMatrix(8, 2), {
    method: fista({ penalty: groupLasso(0.2), rate: 0.2 }),
  });
  for (let j = 0; j < 8; j++) {
    expect(params.get(j, 0) === 0).toBe(params.get(j, 1) === 0);
  }
  expect(params.get(0, 0)).not.toBe(0);
  expect([...params.data].filter((w) => w === 0).length).toBeGreaterThanOrEqual(8);
});

it('a step of its own for every entry is refused where the penalty has no form for it', async () => {
  const method = chain(adam({ rate: 0.1 }), proximal(simplex()));
  await expect(minimize(half, start, { method })).rejects.toThrow('simplex(1): steps that differ');
  expect(() => chain(proximal(l1(0.1)), descend(0.1))).toThrow('chain: ');
  expect(() => proximal('l1' as never)).toThrow('proximal: penalty must be a penalty, got "l1"');
});
