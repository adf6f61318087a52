import { FlatMatrix } from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../src/index.ts';
import {
  certify,
  fit,
  logisticRegression,
  poissonRegression,
  softmaxRegression,
} from '../src/index.ts';

const [rows, columns] = [140_000, 4];

function source(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Columns of uneven units, and the scores t that targets are drawn by. */
function drawn(): { x: FlatMatrix; t: Float64Array; draw: () => number } {
  const draw = source(7);
  const x = new FlatMatrix(rows, columns);
  const t = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const z = draw() + draw() + draw() - 1.5;
      x.data[i * columns + j] = 10 ** (3 * j - 4) * (z + j);
      t[i] += (j - 1.5) * z;
    }
  }
  return { x, t, draw };
}

const column = (values: Float64Array) => new FlatMatrix(values.length, 1, values);
const label = (t: Float64Array, draw: () => number) =>
  column(t.map((score) => (draw() < 1 / (1 + Math.exp(-score)) ? 1 : 0)));

describe('many rows: some of them lead near the minimum, all of them decide', {
  timeout: 60_000,
}, () => {
  const { x, t, draw } = drawn();
  const y = label(t, draw);
  const cases: readonly (readonly [string, Problem, FlatMatrix])[] = [
    ['two labels', logisticRegression(), y],
    ['a penalty', logisticRegression({ l2: 1e-3 }), y],
    ['no intercept', logisticRegression({ intercept: false }), y],
    ['counts', poissonRegression(), column(t.map((s) => Math.floor(2 * draw() * Math.exp(s / 2))))],
    [
      'three classes',
      softmaxRegression(),
      column(t.map((s) => Math.floor(3 / (1 + Math.exp(s - draw()))))),
    ],
  ];
  test.each(cases)('%s', async (_, problem, target) => {
    const fitted = await fit(problem, { x, y: target });
    expect(fitted.converged).toBe(true);
    expect(fitted.ending).toContain('from the minimum of some rows');
    // By the curvature of all rows.
    const { decrement, farthest } = certify(fitted.problem, fitted.params, { x, y: target });
    expect(decrement).toBeLessThan(1e-13);
    expect(farthest).toBeLessThan(1e-6);
    expect(fitted.certificate.decrement / decrement).toBeGreaterThan(0.3);
    expect(fitted.certificate.decrement / decrement).toBeLessThan(3);
  });
});

describe('where some rows do not tell what all do', { timeout: 60_000 }, () => {
  test('rows sorted by label', async () => {
    const { x, t, draw } = drawn();
    const y = label(t, draw);
    const order = Array.from(y.data.keys()).sort((a, b) => y.data[a] - y.data[b]);
    const sorted = new FlatMatrix(rows, columns);
    order.forEach((i, to) => {
      sorted.data.set(x.data.subarray(i * columns, (i + 1) * columns), to * columns);
    });
    const target = column(Float64Array.from(order, (i) => y.data[i]));
    const [mixed, inOrder] = [
      await fit(logisticRegression(), { x, y }),
      await fit(logisticRegression(), { x: sorted, y: target }),
    ];
    expect(inOrder.converged).toBe(true);
    inOrder.params.w.data.forEach((w, j) => {
      expect(Math.abs(w / mixed.params.w.data[j] - 1)).toBeLessThan(1e-6);
    });
  });
  test('a column that is 0 but for five rows', async () => {
    const { x, t, draw } = drawn();
    const y = label(t, draw);
    for (let i = 0; i < rows; i++) x.data[i * columns] = 0;
    for (const [k, i] of [3, 30_001, 60_002, 90_003, 120_004].entries()) {
      x.data[i * columns] = 1;
      y.data[i] = k % 2;
    }
    const fitted = await fit(logisticRegression(), { x, y });
    expect(fitted.converged).toBe(true);
    const { decrement, farthest } = certify(fitted.problem, fitted.params, { x, y });
    expect(decrement).toBeLessThan(1e-12);
    expect(farthest).toBeLessThan(1e-6);
  });
  test('separated classes are told', async () => {
    const { x, t } = drawn();
    const fitted = await fit(logisticRegression(), { x, y: column(t.map((s) => (s > 0 ? 1 : 0))) });
    expect(fitted.converged).toBe(false);
    expect(fitted.warnings.map(({ kind }) => kind)).toContain('separable');
  });
});
