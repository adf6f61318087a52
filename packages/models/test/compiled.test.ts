import { FlatMatrix, valueAndGrad } from '@steepest/autodiff';
import { explain } from '@steepest/compile';
import { asTraining } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { adam, nesterov } from '@steepest/optim';
import { describe, expect, test } from 'vitest';
import {
  fit,
  linearRegression,
  logisticRegression,
  type Problem,
  poissonRegression,
  softmaxRegression,
} from '../src/index.ts';

const rows = 60;
const columns = 3;
const entry = (k: number) => Math.sin(12.9898 * k + 0.7);
const x = new FlatMatrix(
  rows,
  columns,
  Array.from({ length: rows * columns }, (_, k) => entry(k)),
);
const target = (f: (signal: number, i: number) => number) =>
  new FlatMatrix(
    rows,
    1,
    Array.from({ length: rows }, (_, i) => f(x.get(i, 0) + entry(1000 + i), i)),
  );
const weights = target((_, i) => 1 + (i % 3));

const problems: readonly [Problem, FlatMatrix][] = [
  [linearRegression({ l2: 0.1 }), target((s) => 2 * s)],
  [logisticRegression({ l2: 0.1 }), target((s) => (s > 0 ? 1 : 0))],
  [softmaxRegression({ classes: 3, l2: 0.1 }), target((s) => (s > 0.5 ? 2 : s > -0.5 ? 1 : 0))],
  [poissonRegression({ l2: 0.1 }), target((s) => Math.round(Math.exp(s)))],
];

describe.each(problems)('$name', (problem, y) => {
  test('has a loss that compiles to a program, weighted or not', () => {
    const params = problem.init(columns);
    for (const batch of [
      { x, y },
      { x, y, weights },
    ]) {
      expect(String(explain(valueAndGrad(problem.loss))(params, batch))).toContain('pipeline 1');
    }
  });

  test.each([
    ['the whole batch', { optimizer: nesterov({ rate: 0.1, decay: 0.9 }), stop: { steps: 50 } }],
    ['minibatches', { optimizer: adam({ rate: 0.05 }), batchSize: 16, epochs: 5, seed: 3 }],
  ])('is fitted to the same parameters compiled as plainly, on %s', async (_, options) => {
    const compiled = await fit(problem, { x, y, weights }, options);
    const plain = await fit(
      problem,
      { x, y, weights },
      { ...options, differentiate: valueAndGrad },
    );
    // In stretches of steps, weights and all.
    expect(compiled.report?.engine).toMatchObject({ name: expect.stringContaining('compile') });
    expect(compiled.report?.engine?.why).toBeUndefined();
    const scale = Math.max(...plain.params.w.data.map(Math.abs));
    plain.params.w.data.forEach((w, k) => {
      expect(Math.abs(compiled.params.w.data[k] - w)).toBeLessThan(1e-11 * scale);
    });
  });
});

test('a table is fitted in stretches of steps by default', async () => {
  const digits = asTraining(await bundled('digits').read());
  const options = { batchSize: 100, epochs: 2, allow: ['constant-column'] } as const;
  const { report } = await fit(softmaxRegression({ classes: 10, l2: 0.01 }), digits, options);
  expect(report?.engine?.why).toBeUndefined();
});

test('digits are learned to the same objective compiled as plainly', async () => {
  const digits = asTraining(await bundled('digits').read());
  const options = { stop: { steps: 20 }, allow: ['constant-column'] } as const;
  const problem = softmaxRegression({ classes: 10, l2: 0.01 });
  const compiled = await fit(problem, digits, options);
  const plain = await fit(problem, digits, { ...options, differentiate: valueAndGrad });
  const difference = compiled.certificate.objective - plain.certificate.objective;
  expect(Math.abs(difference)).toBeLessThan(1e-9 * plain.certificate.objective);
});
