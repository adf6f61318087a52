import { FlatMatrix, grad, valueAndGrad } from '@steepest/autodiff';
import {
  asTraining,
  category,
  defineSchema,
  featuresOf,
  impute,
  number,
  oneHot,
  parseCsv,
  polynomial,
  prepare,
  rowAt,
  split,
  standardize,
} from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { adam, gradientDescent } from '@steepest/optim';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  evaluate,
  fit,
  leastSquares,
  linearRegression,
  logisticRegression,
  poissonRegression,
  softmaxRegression,
} from '../src/index.ts';

const line = asTraining(parseCsv('x,z,y\n1,0,3.1\n2,1,4.9\n3,0,7.2\n4,1,8.8\n5,1,11.1\n'));

describe('a fit', () => {
  test('finds what least squares finds, and predicts raw rows and tables alike', async () => {
    const fitted = await fit(linearRegression(), line, { target: 'y' });
    const x = new FlatMatrix(5, 2, [1, 0, 2, 1, 3, 0, 4, 1, 5, 1]);
    const exact = leastSquares(x, new FlatMatrix(5, 1, [3.1, 4.9, 7.2, 8.8, 11.1]));
    const [{ names, values, intercept, scale, output }] = fitted.coefficients;
    expect([names, scale, output]).toEqual([['x', 'z'], 'raw', undefined]);
    expect(values[0]).toBeCloseTo(exact.w.data[0], 8);
    expect(intercept).toBeCloseTo(exact.b, 8);
    const table = fitted.predict(line);
    const rows = fitted.predict([
      { x: '1', z: 0 },
      { x: 2, z: '1', y: 'whatever' },
    ]);
    expect(rows.data).toEqual(table.data.slice(0, 2));
    expect(() => fitted.classify(line)).toThrow(/predicts numbers; use predict/);
    expect(() => fitted.predict([{ x: 1 }])).toThrow(/column "z": the row has no such column/);
  });

  test('raw-scale coefficients reproduce the predictions', async () => {
    const table = await bundled('diabetes').read();
    const { train, test: held } = split(table, { train: 0.8, test: 0.2, seed: 4 });
    const fitted = await fit(linearRegression({ l2: 0.5 }), train);
    const predicted = fitted.predict(held);
    const [{ names, values, intercept }] = fitted.coefficients;
    for (let i = 0; i < held.rows; i++) {
      const row = rowAt(held, i) as Readonly<Record<string, number>>;
      const sum = names.reduce((total, name, j) => total + values[j] * row[name], intercept);
      expect(sum).toBeCloseTo(predicted.data[i], 8);
    }
    expect(evaluate(fitted, held).rSquared).toBeGreaterThan(0.3);
  });

  test('learns the preparation from training rows alone', async () => {
    const table = await bundled('iris').read();
    const { train, test: held } = split(table, {
      train: 0.7,
      test: 0.3,
      seed: 1,
      stratify: 'species',
    });
    const problem = softmaxRegression({
      classes: ['setosa', 'versicolor', 'virginica'],
      l2: 0.001,
    });
    const fitted = await fit(problem, train);
    const { data } = prepare([standardize()]).fit(train).apply(held);
    expect(fitted.predictFeatures(new FlatMatrix(held.rows, 4, data)).data).toEqual(
      fitted.predict(held).data,
    );
    expect(evaluate(fitted, held).accuracy).toBeGreaterThan(0.9);
    expect(new Set(fitted.classify(held))).toEqual(new Set(['setosa', 'versicolor', 'virginica']));
    expect(() => evaluate(fitted, parseCsv('a,b\n1,2\n'))).toThrow(/sepal_length/);
    // @ts-expect-error test rows are not training rows
    await expect(fit(problem, held)).rejects.toThrow(/training rows only, this table is test/);
  });

  test('with the same seed gives the same bits, with another seed others', async () => {
    const table = asTraining(await bundled('breast_cancer').read());
    const run = (seed: number) =>
      fit(logisticRegression({ l2: 0.1 }), table, {
        seed,
        epochs: 2,
        batchSize: 50,
        optimizer: adam({ rate: 0.01 }),
      });
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    expect(one.params.w.data).toEqual(again.params.w.data);
    expect(one.params.w.data).not.toEqual(other.params.w.data);
    expect(one.warnings.map(({ kind }) => kind)).toEqual(['not-converged']);
    expect(one.warnings[0].message).toMatch(
      /epochLimit with a gradient of norm .*; the objective is at most .* above/,
    );
  });

  test('takes any stepper, a gradient of its own, a start and a signal', async () => {
    let calls = 0;
    const problem = linearRegression({ l2: 0.1 });
    const fitted = await fit(problem, line, {
      target: 'y',
      optimizer: gradientDescent({ rate: 0.5 }),
      params: { w: new FlatMatrix(2, 1, [1, 1]), b: 1 },
      differentiate: (loss) => {
        const both = valueAndGrad(loss);
        return (params, batch) => {
          calls++;
          return both(params, batch);
        };
      },
    });
    expect(fitted.converged).toBe(true);
    expect(fitted.report?.evaluations.gradients).toBe(calls);
    const stopped = await fit(problem, line, { target: 'y', signal: AbortSignal.abort() });
    expect(stopped.ending).toMatch(/^aborted/);
    expect(stopped.converged).toBe(false);
  });

  test('stops by validation rows', async () => {
    const table = await bundled('diabetes').read();
    const parts = split(table, { train: 0.6, validation: 0.2, test: 0.2, seed: 2 });
    const fitted = await fit(linearRegression(), parts.train, {
      optimizer: adam({ rate: 1 }),
      epochs: 500,
      batchSize: 16,
      validation: { data: parts.validation, patience: 5 },
    });
    expect(fitted.report?.reason).toBe('validationWorse');
    const none = split(table, { train: 0.8, test: 0.2, seed: 2 });
    await expect(
      fit(linearRegression(), none.train, { validation: { data: none.validation } }),
    ).rejects.toThrow(/no validation rows/);
  });

  test('the certificate bounds the distance to the minimum', async () => {
    const problem = linearRegression({ l2: 0.3 });
    const x = new FlatMatrix(5, 2, [1, 0, 2, 1, 3, 0, 4, 1, 5, 1]);
    const y = new FlatMatrix(5, 1, [3.1, 4.9, 7.2, 8.8, 11.1]);
    const { objective } = leastSquares(x, y, { l2: 0.3 });
    for (const steps of [0, 1, 2, 5]) {
      const { certificate } = await fit(problem, { x, y }, { stop: { steps } });
      expect(certificate.objective - objective).toBeLessThanOrEqual(certificate.gap! + 1e-12);
    }
    const { certificate } = await fit(problem, { x, y });
    expect(certificate.gap).toBeLessThan(1e-12);
    const stubborn = await fit(problem, { x, y }, { stop: { gradientNorm: 1e-300, steps: 200 } });
    expect(stubborn.report?.converged).toBe(false);
    expect(stubborn.converged).toBe(true);
  });

  test('the gradient in the certificate is that of the loss, in the units of the columns', async () => {
    const x = new FlatMatrix(6, 2, [1, 0, 20, 1, 3, 0, 40, 1, 5, 1, 7, 3]);
    const classes = new FlatMatrix(6, 1, [0, 1, 2, 1, 0, 2]);
    const labels = new FlatMatrix(6, 1, [0, 1, 1, 1, 0, 0]);
    for (const [problem, y] of [
      [logisticRegression({ l2: 0.1 }), labels],
      [softmaxRegression({ l2: 0.1 }), classes],
    ] as const) {
      const { certificate, params } = await fit(problem, { x, y }, { stop: { steps: 1 } });
      const g = grad(problem.loss)(params, { x, y } as never) as unknown as typeof params;
      const entries = [g.w, g.b].flatMap((part) =>
        typeof part === 'number' ? [part] : [...part.data],
      );
      const norm = Math.hypot(...entries);
      expect(certificate.gradientNorm / norm).toBeCloseTo(1, 10);
      const least = (await fit(problem, { x, y })).certificate.objective;
      expect(certificate.objective - least).toBeLessThanOrEqual(certificate.gap! + 1e-12);
    }
  });

  test('counts by exposure: doubling both changes no rate', async () => {
    const text = (factor: number) =>
      `x,t,n\n${[
        [0, 1, 2],
        [1, 2, 5],
        [2, 1, 4],
        [3, 3, 20],
        [4, 1, 9],
      ]
        .map(([x, t, n]) => [x, t * factor, n * factor].join(','))
        .join('\n')}\n`;
    const options = { target: 'n', exposure: 't' };
    const once = await fit(poissonRegression(), asTraining(parseCsv(text(1))), options);
    const twice = await fit(poissonRegression(), asTraining(parseCsv(text(2))), options);
    expect(once.coefficients[0].names).toEqual(['x']);
    expect(twice.coefficients[0].values[0]).toBeCloseTo(once.coefficients[0].values[0], 7);
    const [one, two] = once.predict([
      { x: 1, t: 1 },
      { x: 1, t: 2 },
    ]).data;
    expect(two).toBeCloseTo(2 * one, 12);
    expect(() => once.predict([{ x: 1, t: 0 }])).toThrow(/"t": the exposure of row 1 is 0/);
  });

  test('labels, holes and products go through the preparation that was asked for', async () => {
    const schema = defineSchema(
      { x: number({ missing: { policy: 'keep' } }), colour: category(), y: number() },
      { target: 'y' },
    );
    const table = asTraining(
      parseCsv(
        'x,colour,y\n1,red,1\n,blue,5\n3,red,4\n4,blue,8\n5,green,9\n6,green,9.5\n7,red,9\n',
        { schema },
      ),
    );
    const preparation = prepare([impute('mean'), standardize(), oneHot({ dropFirst: true })]);
    const fitted = await fit(linearRegression(), table, { preparation });
    expect(fitted.coefficients[0].names).toEqual(['x', 'colour=green', 'colour=red']);
    expect(fitted.predict([{ x: null, colour: 'red' }]).rows).toBe(1);
    const products = await fit(linearRegression({ l2: 0.1 }), line, {
      preparation: prepare([standardize(), polynomial({ degree: 2 })], { target: 'y' }),
    });
    expect(products.coefficients[0].scale).toBe('prepared');
  });

  test('ready features need no table, and are named in messages', async () => {
    const features = featuresOf({
      data: Float64Array.of(1, 2, 3, 4),
      names: ['dose'],
      rows: 4,
      y: Float64Array.of(0, 1, 0, 1),
    });
    const fitted = await fit(logisticRegression(), features);
    expect(fitted.converged).toBe(true);
    expect(fitted.coefficients[0].names).toEqual(['dose']);
    expect(() => fitted.predict([{ dose: 1 }])).toThrow(/use predictFeatures/);
    expect(() => fitted.predictFeatures(new FlatMatrix(1, 2))).toThrow(
      /x has 2 columns, the model has 1: dose/,
    );
    await expect(
      fit(linearRegression(), {
        x: new FlatMatrix(2, 1, [1, Number.NaN]),
        y: new FlatMatrix(2, 1),
        names: ['a'],
      }),
    ).rejects.toThrow(/column "a": row 2 is NaN/);
  });
});

test('weights and exposure go with their rows into minibatches', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const [x, t, weight] = [(i % 7) / 7, 1 + (i % 3), 1 + (i % 2)];
    return [x, t, Math.round(t * Math.exp(0.5 + x)), weight].join(',');
  });
  const table = asTraining(parseCsv(['x,t,n,weight', ...rows, ''].join('\n')));
  const roles = { target: 'n', exposure: 't', weights: 'weight' };
  const whole = await fit(poissonRegression(), table, roles);
  const parts = await fit(poissonRegression(), table, {
    ...roles,
    batchSize: 8,
    epochs: 400,
    optimizer: adam({ rate: 0.01 }),
  });
  expect(whole.converged).toBe(true);
  expect(whole.coefficients[0].names).toEqual(['x']);
  const { objective } = whole.certificate;
  expect(parts.certificate.objective - objective).toBeGreaterThanOrEqual(0);
  expect(parts.certificate.objective - objective).toBeLessThan(1e-3);
});

test('a fitted model prints what a reader wants to know', async () => {
  const fitted = await fit(linearRegression({ l2: 0.1 }), line, {
    target: 'y',
  });
  const text = String(fitted).replace(/[\d.]+e-\d+|\d+\.\d{3,}/g, '#');
  expect(text).toMatchInlineSnapshot(`
    "ridge regression
      minimizes      (1/(2n)) Σ (x·w + b − y)² + (l2/2) Σ w², l2 = 0.1
      converged: the minimum, by Householder QR
      objective      #
      gradient norm  #
      above minimum  about #, at most #
      condition      1.8e+0
    coefficients, raw units
      (intercept)  #
      x            #
      z            #
    on the training rows
      5 rows
      mean squared error     #
      mean absolute error    #
      R²                     #"
  `);
});

test('fits of random data reach the exact solution', async () => {
  const entry = fc.double({ min: -3, max: 3, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(entry, { minLength: 4, maxLength: 4 }), { minLength: 12, maxLength: 12 }),
      async (rows) => {
        const x = new FlatMatrix(
          12,
          3,
          rows.flatMap((row) => row.slice(0, 3)),
        );
        const y = new FlatMatrix(
          12,
          1,
          rows.map((row) => row[3]),
        );
        fc.pre(new Set(y.data).size > 1);
        const { objective } = leastSquares(x, y, { l2: 0.05 });
        const { certificate } = await fit(linearRegression({ l2: 0.05 }), { x, y });
        expect(certificate.objective).toBeCloseTo(objective, 10);
      },
    ),
    { numRuns: 30 },
  );
});
