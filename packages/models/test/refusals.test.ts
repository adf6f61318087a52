import { FlatMatrix } from '@steepest/autodiff';
import {
  asTraining,
  category,
  defineSchema,
  intercept,
  number,
  parseCsv,
  prepare,
} from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { gradientDescent } from '@steepest/optim';
import { describe, expect, test } from 'vitest';
import {
  fit,
  linearRegression,
  logisticRegression,
  poissonRegression,
  softmaxRegression,
  zeroCountSeparation,
} from '../src/index.ts';

const line = asTraining(parseCsv('x,z,y\n1,0,3.1\n2,1,4.9\n3,0,7.2\n4,1,8.8\n5,1,11.1\n'));

function labelled(text: string) {
  return asTraining(
    parseCsv(text, { schema: defineSchema({ x: number(), y: category() }, { target: 'y' }) }),
  );
}

describe('what cannot be fitted is refused, with its reason', () => {
  const refused = (reason: string) => expect.objectContaining({ reason });

  test('one class, and labels that are not 0 and 1', async () => {
    const x = new FlatMatrix(3, 1, [1, 2, 4]);
    const y = (...labels: number[]) => new FlatMatrix(3, 1, labels);
    await expect(fit(logisticRegression(), labelled('x,y\n1,a\n2,a\n4,a\n'))).rejects.toEqual(
      refused('one-class'),
    );
    await expect(fit(logisticRegression(), { x, y: y(1, 1, 1) })).rejects.toEqual(
      refused('one-class'),
    );
    await expect(fit(logisticRegression(), { x, y: y(1, 2, 1) })).rejects.toThrow(
      /labels are "1", "2", expected 0 and 1; map them with binaryTarget/,
    );
    await expect(fit(logisticRegression(), { x, y: y(1, 2, 3) })).rejects.toThrow(
      /softmaxRegression/,
    );
    await expect(fit(softmaxRegression({ classes: 2 }), { x, y: y(0, 1, 2) })).rejects.toThrow(
      /class 2, expected a code from 0 to 1/,
    );
    await expect(fit(softmaxRegression({ classes: 2 }), { x, y: y(0, 0, 0) })).rejects.toEqual(
      refused('one-class'),
    );
    await expect(
      fit(softmaxRegression({ classes: 2 }), labelled('x,y\n1,a\n2,b\n4,c\n')),
    ).rejects.toThrow(
      /2 classes, the column "y" has 3: "a", "b", "c"; leave \{ classes \} out, or name them/,
    );
  });

  test('columns that are constant, or combinations of others, by name', async () => {
    const constant = asTraining(parseCsv('x,c,y\n1,7,1\n2,7,3\n3,7,4\n4,7,4\n'));
    await expect(fit(linearRegression(), constant, { target: 'y' })).rejects.toEqual(
      refused('constant-column'),
    );
    await expect(fit(linearRegression(), constant, { target: 'y' })).rejects.toThrow(
      /column "c": one value only in "c".*; leave it out/,
    );
    const sum = asTraining(parseCsv('a,b,s,y\n1,5,6,1\n2,3,5,2\n3,9,12,2\n4,1,5,5\n7,2,9,3\n'));
    const error = await fit(linearRegression(), sum, { target: 'y' }).catch((e: Error) => e);
    expect(error).toEqual(refused('rank-deficient'));
    expect((error as Error).message).toMatch(
      /is a combination of "\w", "\w" \(and a constant\): leave one of them out/,
    );
    const twice = asTraining(parseCsv('a,b,y\n1,32,1\n2,34,2\n3,36,2\n4,38,5\n'));
    await expect(fit(logisticRegression(), twice, { target: 'y', allow: [] })).rejects.toThrow(
      /got 3 labels/,
    );
    await expect(fit(linearRegression(), twice, { target: 'y' })).rejects.toThrow(
      /"\w" is a multiple of "\w" \(and a constant\)/,
    );
  });

  test('a penalty settles them, and they are mentioned; allowing them leaves a warning', async () => {
    const twice = asTraining(parseCsv('a,b,y\n1,32,1\n2,34,2\n3,36,2\n4,38,5\n'));
    const penalized = await fit(linearRegression({ l2: 0.01 }), twice, { target: 'y' });
    expect(penalized.converged).toBe(true);
    expect(penalized.warnings).toEqual([
      expect.objectContaining({
        kind: 'rank-deficient',
        message: expect.stringMatching(/the penalty settles it/),
      }),
    ]);
    const allowed = await fit(linearRegression(), twice, {
      target: 'y',
      allow: ['rank-deficient'],
    });
    expect(allowed.warnings.map(({ kind }) => kind)).toEqual(['rank-deficient']);
    expect(String(allowed)).toMatch(/warning +rank-deficient/);
  });

  test('too few rows, a constant target, counts below zero', async () => {
    const few = asTraining(parseCsv('a,b,y\n1,2,1\n2,1,3\n'));
    await expect(fit(linearRegression(), few, { target: 'y' })).rejects.toThrow(
      /2 rows cannot determine 3 parameters/,
    );
    const exact = await fit(linearRegression(), asTraining(parseCsv('a,y\n1,2\n2,4\n')), {
      target: 'y',
    });
    expect(exact.warnings.map(({ kind }) => kind)).toEqual(['exact-fit']);
    const constant = asTraining(parseCsv('a,y\n1,2\n2,2\n5,2\n'));
    await expect(fit(linearRegression(), constant, { target: 'y' })).rejects.toEqual(
      refused('constant-target'),
    );
    const counts = asTraining(parseCsv('a,y\n1,2\n2,-1\n5,2\n'));
    await expect(fit(poissonRegression(), counts, { target: 'y' })).rejects.toThrow(
      /"y": the count of row 2 is -1/,
    );
    const none = asTraining(parseCsv('a,y\n1,0\n2,0\n5,0\n'));
    await expect(
      fit(poissonRegression({ l2: 1 }), none, { target: 'y', allow: ['constant-target'] }),
    ).rejects.toThrow(/every count is 0/);
    const halves = asTraining(parseCsv('a,y\n1,2\n2,2.5\n5,3\n'));
    const fitted = await fit(poissonRegression(), halves, { target: 'y' });
    expect(fitted.warnings.map(({ kind }) => kind)).toEqual(['not-whole']);
  });

  test('options without effect, and roles that contradict each other', async () => {
    const preparation = prepare([], { target: 'y' });
    await expect(fit(linearRegression(), line, { preparation, features: ['x'] })).rejects.toThrow(
      /features has no effect beside a preparation/,
    );
    await expect(fit(linearRegression(), line, { target: 'y', positive: '1' })).rejects.toThrow(
      /positive is for two labels/,
    );
    await expect(fit(linearRegression(), line, { target: 'y', exposure: 'x' })).rejects.toThrow(
      /exposure is for rates, as of Poisson/,
    );
    const x = new FlatMatrix(3, 1, [1, 2, 4]);
    await expect(fit(linearRegression(), { x, y: x }, { target: 'y' })).rejects.toThrow(
      /target is for tables/,
    );
    await expect(fit(linearRegression(), line)).rejects.toThrow(
      /the table has no target; name one/,
    );
    await expect(
      fit(linearRegression(), line, {
        target: 'y',
        preparation: prepare([], { features: ['x', 'y'] }),
      }),
    ).rejects.toEqual(refused('target-in-features'));
    await expect(
      fit(linearRegression(), line, { preparation: prepare([intercept()], { target: 'y' }) }),
    ).rejects.toThrow(/have an intercept column and the problem adds another/);
    await expect(fit(linearRegression(), labelled('x,y\n1,a\n2,b\n'))).rejects.toThrow(
      /holds labels, not numbers; for a target of labels use logistic/,
    );
  });
});

test('one class apart from the others is separation in softmax regression too', async () => {
  const table = asTraining(await bundled('iris').read());
  const fitted = await fit(softmaxRegression({ classes: 3 }), table, {
    features: ['petal_length', 'petal_width'],
  });
  expect(fitted.converged).toBe(false);
  expect(String(fitted)).toMatch(/NOT converged: .*; but there is no minimum to converge to/);
  expect(fitted.warnings[0].message).toMatch(
    /"petal_length" alone separates them: it is at most 1.9 for "setosa" and at least 3 for all others/,
  );
});

test('counts of zero in one group have no finite estimate', async () => {
  const text = 'x,z,y\n0,1,2\n0,2,3\n0,4,1\n1,1,0\n1,3,0\n1,5,0\n';
  const table = asTraining(parseCsv(text));
  const fitted = await fit(poissonRegression(), table, { target: 'y' });
  expect(fitted.converged).toBe(false);
  expect(fitted.warnings[0]).toEqual(
    expect.objectContaining({
      kind: 'separable',
      message: expect.stringMatching(/counts of 0 only/),
    }),
  );
  const once = asTraining(parseCsv(text.replace('1,5,0', '1,5,1')));
  expect((await fit(poissonRegression(), once, { target: 'y' })).converged).toBe(true);
  const x = new FlatMatrix(4, 1, [-1, 0, 0, 1]);
  expect(zeroCountSeparation(x, [0, 3, 2, 0])).toBe('none');
  expect(zeroCountSeparation(x, [0, 3, 2, 1])).toBe('none');
  expect(zeroCountSeparation(x, [1, 3, 2, 0])).toBe('none');
  expect(zeroCountSeparation(new FlatMatrix(4, 1, [2, 0, 0, 1]), [0, 3, 2, 0])).toBe('quasi');
  const wide = new FlatMatrix(3, 3, [0, 0, 1, 0, 1, 0, 1, 0, 0]);
  expect(zeroCountSeparation(wide, [1, 0, 0])).toBe('not checked');
});

test('a class without rows has no finite minimum, whatever the penalty', async () => {
  const rows = labelled('x,y\n1,a\n2,b\n3,a\n4,b\n');
  for (const l2 of [0, 0.1]) {
    const fitted = await fit(softmaxRegression({ classes: ['a', 'b', 'c'], l2 }), rows);
    expect(fitted.converged).toBe(false);
    expect(fitted.warnings.map(({ kind }) => kind)).toEqual(['class-without-rows']);
    expect(fitted.warnings[0].message).toMatch(/no training row is of class "c"/);
  }
});

test('a run that diverges ends as a model that says so', async () => {
  const table = asTraining(await bundled('breast_cancer').read());
  const fitted = await fit(logisticRegression({ l2: 0.01 }), table, {
    optimizer: gradientDescent({ rate: 1e4 }),
    stop: { steps: 50 },
  });
  expect(fitted.converged).toBe(false);
  expect(fitted.warnings.map(({ kind }) => kind)).toEqual(['not-converged']);
  expect(fitted.certificate.gap).toBeGreaterThan(1);
});
