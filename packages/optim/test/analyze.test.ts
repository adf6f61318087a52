import {
  add,
  FlatMatrix,
  logisticLoss,
  matmul,
  mul,
  square,
  sum,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze/analyze.ts';
import { minimize, momentum, nesterov, sgd, train } from '../src/index.ts';

const curvatures = [0.5, 1, 2, 4, 7, 20];
const bowl = (w: Value) => mul(0.5, sum(mul(new FlatMatrix(6, 1, curvatures), square(w))));
const start = new FlatMatrix(6, 1, [1, 1, 1, 1, 1, 1]);

it('finds the ends of a known spectrum, also through a structure of parameters', () => {
  const found = analyze(bowl, start);
  expect(found.largest).toBeCloseTo(20, 12);
  expect(found.smallest).toBeCloseTo(0.5, 12);
  expect(found.condition).toBeCloseTo(40, 10);
  expect(found.settled).toBe(true);
  const split = (p: { a: Value; b: number }) => add(bowl(p.a), mul(30, square(p.b)));
  expect(analyze(split, { a: start, b: 1 }).largest).toBeCloseTo(60, 12);
});

it('agrees with the eigenvalues of the Laplacian of a path of 400 nodes, 2 − 2 cos(kπ/401)', () => {
  const n = 400;
  const a = new FlatMatrix(n, n);
  for (let i = 0; i < n; i++) {
    a.data[i * n + i] = 2;
    if (i > 0) a.data[i * n + i - 1] = a.data[(i - 1) * n + i] = -1;
  }
  const f = (w: Value) => mul(0.5, sum(mul(w, matmul(a, w))));
  const { largest, smallest } = analyze(f, new FlatMatrix(n, 1), undefined, { products: 400 });
  expect(largest).toBeCloseTo(2 - 2 * Math.cos((400 * Math.PI) / 401), 10);
  expect(smallest).toBeCloseTo(2 - 2 * Math.cos(Math.PI / 401), 10);
});

it('takes the data of the loss', () => {
  const x = new FlatMatrix(3, 1, [1, 2, 3]);
  const y = new FlatMatrix(3, 1, [0, 1, 1]);
  const loss = (w: Value, d: { x: Value; y: Value }) => logisticLoss(matmul(d.x, w), d.y);
  // At 0 the curvature is mean(x²)/4.
  expect(analyze(loss, new FlatMatrix(1, 1), { x, y }).largest).toBeCloseTo(14 / 12, 12);
});

describe('what it predicts happens', () => {
  const { advice, largest } = analyze(bowl, start);
  const { gradientDescent, momentum: heavy, nesterov: ahead } = advice!;
  for (const [name, optimizer, { factor }] of [
    ['gradient descent', sgd(gradientDescent.settings), gradientDescent],
    ['momentum', momentum(heavy.settings), heavy],
    ['nesterov', nesterov(ahead.settings), ahead],
  ] as const) {
    it(`${name} falls by its factor per step`, async () => {
      const distance = async (steps: number) =>
        Math.hypot(
          ...(await train({ loss: bowl, params: start, optimizer, stop: { steps } })).params.data,
        );
      const [early, late] = [await distance(100), await distance(160)];
      const measured = (late / early) ** (1 / 60);
      // Double eigenvalues of the heavy ball and of Nesterov's method add a factor that grows with k.
      expect(measured).toBeGreaterThan(factor - 0.01);
      expect(measured).toBeLessThan(factor + 0.01);
    });
  }

  it('a rate beyond 2/L diverges, one below it does not', async () => {
    const after = async (rate: number) =>
      (await minimize(bowl, start, { method: sgd({ rate }), maxSteps: 200, tolerance: 1e-30 }))
        .value;
    expect(await after((2 / largest) * 1.02)).toBeGreaterThan(bowlAt(start));
    expect(await after((2 / largest) * 0.98)).toBeLessThan(1e-2);
  });
});

function bowlAt(w: FlatMatrix): number {
  return w.data.reduce((total, x, i) => total + 0.5 * curvatures[i] * x * x, 0);
}

it('says where nothing can be promised', () => {
  expect(
    String(analyze((w: Value) => sum(mul(w, mul(w, w))), new FlatMatrix(1, 1, [-1]))),
  ).toContain('the loss is not convex here');
  const flat = (w: Value) => square(sum(w));
  expect(analyze(flat, start).condition).toBe(Infinity);
  expect(String(analyze(flat, start))).toContain('flat in some direction');
});

it('prints as a table', () => {
  expect(String(analyze(bowl, start))).toMatchInlineSnapshot(`
    "curvature from 0.5 to 20, from 6 products with the Hessian
    condition 40; rates above 2/L = 0.1 make gradient descent diverge
    best fixed        rate        decay     factor      steps to 1e-6
    gradient descent  0.097561              0.95122     277
    momentum          0.14912     0.52845   0.72695     44
    nesterov          0.066116    0.69231   0.81818     69"
  `);
});
