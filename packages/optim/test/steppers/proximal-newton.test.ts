import {
  add,
  FlatMatrix,
  item,
  matmul,
  mean,
  mul,
  softplus,
  square,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, it } from 'vitest';
import {
  box,
  elasticNet,
  groupLasso,
  l1,
  l1Ball,
  minimize,
  nonNegative,
  type Penalty,
  proximalNewton,
  simplex,
} from '../../src/index.ts';

/** 40 rows in 6 columns; labels that lean on two of them. */
const rows = 40;
const noise = (k: number) => Math.sin(12.9898 * k + 78.233 * k * k);
const x = new FlatMatrix(
  rows,
  6,
  Array.from({ length: rows * 6 }, (_, k) => noise(k + 1)),
);
const y = new FlatMatrix(
  rows,
  1,
  Array.from({ length: rows }, (_, i) =>
    2 * x.get(i, 0) - x.get(i, 3) + noise(9 * i) > 0 ? 1 : 0,
  ),
);
const logistic = (w: Value, b: Value | number = 0): Value => {
  const t = add(matmul(x, w), b);
  return mean(sub(softplus(t), mul(y, t)));
};
const start = new FlatMatrix(6, 1);

const penalties: readonly Penalty[] = [
  l1(0.03),
  elasticNet(0.05, 0.4),
  groupLasso(0.05, 'all'),
  box(-0.5, 0.2),
  nonNegative(),
  simplex(1),
  l1Ball(0.7),
];

describe('proximal Newton', () => {
  for (const penalty of penalties) {
    it(`${penalty.name}: no point has a lower value than the one that is called the minimum`, async () => {
      const { params, converged, steps } = await minimize((w: Value) => logistic(w), start, {
        method: proximalNewton({ penalty }),
        tolerance: 1e-9,
      });
      expect(converged).toBe(true);
      expect(steps).toBeLessThan(12);
      const w = params as FlatMatrix;
      const worth = (v: FlatMatrix) => item(logistic(v)) + item(penalty.value(v));
      // Of any point the penalty's own operator makes one that its constraint allows.
      for (let k = 0; k < 40; k++) {
        const scale = 10 ** (-k / 8);
        const near = new FlatMatrix(
          6,
          1,
          w.data.map((v, j) => v + scale * noise(7 * k + j)),
        );
        const allowed = penalty.prox(near, 1e-12) as FlatMatrix;
        expect(worth(allowed)).toBeGreaterThanOrEqual(worth(w) - 1e-12);
      }
    });
  }

  it('leaves that are not chosen have no penalty, and zeros are exact', async () => {
    const f = ({ w, b }: { w: Value; b: Value | number }) => logistic(w, b);
    const { params, converged } = await minimize(
      f,
      { w: start, b: 0.3 },
      {
        method: proximalNewton({ penalty: l1(0.08), penalized: (path) => path === 'w' }),
        tolerance: 1e-10,
      },
    );
    expect(converged).toBe(true);
    const { w, b } = params as { w: FlatMatrix; b: number };
    expect(w.data.filter((v) => v === 0).length).toBeGreaterThan(2);
    const t = (matmul(x, w) as FlatMatrix).data;
    const r = t.map((ti, i) => 1 / (1 + Math.exp(-ti - b)) - y.data[i]);
    expect(r.reduce((s, v) => s + v, 0)).toBeCloseTo(0, 8);
    for (let j = 0; j < 6; j++) {
      const g = r.reduce((s, ri, i) => s + ri * x.get(i, j), 0) / rows;
      if (w.data[j] === 0) expect(Math.abs(g)).toBeLessThan(0.08);
      else expect(g).toBeCloseTo(-0.08 * Math.sign(w.data[j]), 8);
    }
  });

  it('goes down where the Hessian is not positive definite', async () => {
    const f = (w: Value) => sum(sub(mul(0.25, square(square(w))), mul(0.5, square(w))));
    const { params, converged } = await minimize(f, new FlatMatrix(2, 1, [0.1, -0.2]), {
      method: proximalNewton({ penalty: l1(0.01) }),
    });
    expect(converged).toBe(true);
    // w³ − w + 0.01 sign(w) = 0 near ±1
    for (const v of (params as FlatMatrix).data) expect(Math.abs(v)).toBeCloseTo(0.99496, 4);
  });
});
