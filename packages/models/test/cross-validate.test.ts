import { readFileSync } from 'node:fs';
import {
  asTraining,
  category,
  defineSchema,
  foldRows,
  number,
  parseCsv,
  prepare,
  split,
  standardize,
  type Table,
} from '@steepest/datasets';
import { describe, expect, test } from 'vitest';
import {
  crossValidate,
  fit,
  linearRegression,
  logisticRegression,
  softmaxRegression,
} from '../src/index.ts';

type Scores = Readonly<Record<string, readonly number[]>>;
interface Parts {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}
const cases = JSON.parse(
  readFileSync(new URL('cases/cross-validation.json', import.meta.url), 'utf8'),
) as {
  readonly columns: Scores;
  readonly linear: Scores;
  readonly logistic: Scores;
  readonly groups: readonly Parts[];
  readonly times: readonly Parts[];
};

function tableOf(columns: Scores): Table {
  const names = Object.keys(columns);
  const lines = columns[names[0]].map((_, i) => names.map((name) => columns[name][i]).join(','));
  return asTraining(parseCsv(`${names.join(',')}\n${lines.join('\n')}\n`));
}
const table = tableOf(cases.columns);
const features = ['a', 'b', 'c'];
/** The folds of the case: the values of a column, in the order of their first rows. */
const folds = { k: 5, group: 'fold' };

describe('folds of the same rows as', () => {
  test.each([
    ['linear', linearRegression({ l2: 0.1 }), 'real'],
    ['logistic', logisticRegression({ l2: 0.1 }), 'label'],
  ] as const)('scikit-learn has the same figures: %s', async (name, problem, target) => {
    const judged = await crossValidate(problem, table, { target, features, folds });
    const held = judged.folds.map(({ fitted }) => fitted);
    expect(held.every(({ converged }) => converged)).toBe(true);
    const own = foldRows(table, folds).map(({ validation }) => cases.columns.fold[validation[0]]);
    for (const [measure, theirs] of Object.entries(cases[name])) {
      const { mean, standardError, folds: each } = judged.measures[measure];
      each.forEach((value, i) => {
        expect(value).toBeCloseTo(theirs[own[i]], 9);
      });
      const average = theirs.reduce((a, b) => a + b) / 5;
      const variance = theirs.reduce((sum, v) => sum + (v - average) ** 2, 0) / 4;
      expect(mean).toBeCloseTo(average, 9);
      expect(standardError).toBeCloseTo(Math.sqrt(variance / 5), 9);
    }
  });

  test('GroupKFold keeps groups together', () => {
    const found = foldRows(table, { k: 4, group: 'group' });
    const sorted = found.map(({ train, validation }) => ({
      train: [...train].sort((a, b) => a - b),
      validation: [...validation],
    }));
    const byFirst = (a: Parts, b: Parts) => a.validation[0] - b.validation[0];
    expect(sorted.sort(byFirst)).toEqual([...cases.groups].sort(byFirst));
  });

  test('TimeSeriesSplit learns from the past alone', () => {
    const found = foldRows(table, { k: 4, time: 'time' });
    expect(
      found.map(({ train, validation }) => ({ train: [...train], validation: [...validation] })),
    ).toEqual(cases.times);
  });
});

test('what a held-out row holds changes nothing in the model that is judged by it', async () => {
  const options = { target: 'real', features, folds };
  const before = await crossValidate(linearRegression(), table, options);
  const [{ validation }] = foldRows(table, folds);
  const changed = { ...cases.columns, b: cases.columns.b.slice() as number[] };
  for (const row of validation) changed.b[row] = 1e6;
  const after = await crossValidate(linearRegression(), tableOf(changed), options);
  expect(after.folds[0].fitted.params).toEqual(before.folds[0].fitted.params);
  expect(after.folds[0].fitted.reading.preparation).toBeDefined();
  expect(after.folds[1].fitted.params).not.toEqual(before.folds[1].fitted.params);
});

test('predictions of held-out rows come in the order of the table', async () => {
  const problem = logisticRegression({ l2: 0.1 });
  const { heldOut, folds: models } = await crossValidate(problem, table, {
    target: 'label',
    features,
    folds: { k: 3, seed: 2 },
  });
  expect([...heldOut.rows]).toEqual(Array.from({ length: 60 }, (_, i) => i));
  expect([...heldOut.y.data]).toEqual(cases.columns.label);
  const all = models.map(({ fitted }) => fitted.predict(table).data);
  const parts = foldRows(table, { k: 3, seed: 2, stratify: 'label' });
  parts.forEach(({ validation }, k) => {
    for (const i of validation) expect(heldOut.predicted.data[i]).toBe(all[k][i]);
  });
});

test('rows of weight 0 are in no fold', async () => {
  const weights = cases.columns.time.map((time) => (time < 20 ? 0 : 1));
  const weighted = tableOf({ ...cases.columns, weights });
  const judged = await crossValidate(linearRegression(), weighted, {
    target: 'real',
    features,
    weights: 'weights',
    folds: 4,
  });
  expect([...judged.heldOut.rows].map((i) => weights[i])).toEqual(Array(40).fill(1));
  expect(judged.folds.map(({ rows }) => rows)).toEqual(
    Array(4).fill({ train: 30, validation: 10 }),
  );
});

test('prints a row for each fold, and is the same for the same seed', async () => {
  const options = { target: 'label', features, folds: 3 };
  const judged = await crossValidate(logisticRegression({ l2: 0.1 }), table, options);
  const text = String(judged);
  expect(text).toMatch(
    /^l2-penalized logistic regression of "label"|^logistic regression of "label"/,
  );
  expect(text).toContain('3 folds, seed 1, stratified by "label"');
  expect(text).toMatch(/standard error +0\.\d+/);
  expect(judged.toMarkdown()).toContain('| mean |');
  expect(String(await crossValidate(logisticRegression({ l2: 0.1 }), table, options))).toBe(text);
});

describe('refuses', () => {
  const small = asTraining(
    parseCsv('x,y,p\n1,a,u\n2,a,u\n3,a,v\n4,a,v\n5,b,w\n6,b,w\n', {
      schema: defineSchema({ x: number(), y: category(), p: category() }),
    }),
  );
  const labelled = { target: 'y', features: ['x'] };
  const logistic = logisticRegression({ l2: 1 });
  test.each([
    [
      'more folds than rows',
      { ...labelled, folds: 7 },
      /folds must be from 2 to the 6 rows, got 7/,
    ],
    ['one fold', { ...labelled, folds: 1 }, /folds must be a whole number from 2.*got 1/],
    [
      'a class that a fold lacks',
      { ...labelled, folds: 3 },
      /validation rows of fold 1 have no "b".*fewer folds/,
    ],
    [
      'a class that training lacks',
      { ...labelled, folds: { k: 3, group: 'p' } },
      /the train rows of fold 3 have no "b"|validation rows of fold 1 have no "b"/,
    ],
    [
      'more folds than groups',
      { ...labelled, folds: { k: 4, group: 'p' } },
      /at most the 3 groups of "p", got 4/,
    ],
    [
      'two ways at once',
      { ...labelled, folds: { k: 2, group: 'p', stratify: 'y' } },
      /stratify has no effect beside group/,
    ],
    ['no target', {}, /the table has no target; name one/],
    [
      'validation rows',
      { ...labelled, folds: 2, validation: { data: small } },
      /option validation .* every fold holds out its own/,
    ],
    [
      'a fitted preparation',
      { ...labelled, preparation: prepare([standardize()], { features: ['x'] }).fit(small) },
      /fitted already, to rows that the folds hold out/,
    ],
  ] as const)('%s', async (_, options, message) => {
    await expect(crossValidate(logistic, small, options as never)).rejects.toThrow(message);
  });

  test('the groups as a feature, test rows, and other things than tables', async () => {
    const target = 'real';
    await expect(
      crossValidate(linearRegression(), table, { target, folds: { k: 3, group: 'group' } }),
    ).rejects.toThrow(/"group" tells groups of rows apart and is a feature too/);
    const { test: held } = split(table, { train: 0.5, test: 0.5, seed: 1 });
    await expect(crossValidate(linearRegression(), held, { target })).rejects.toThrow(
      /this table is test/,
    );
    await expect(crossValidate(linearRegression(), { x: 1 } as never)).rejects.toThrow(
      /expected a table/,
    );
  });

  test('times that are no times, and fewer of them than folds', () => {
    expect(() => foldRows(small, { k: 2, time: 'p' })).toThrow(/dates or numbers, "p" holds/);
    const still = parseCsv('t\n1\n1\n1\n1\n1\n');
    expect(() => foldRows(still, { k: 2, time: 't' })).toThrow(/more different times/);
    expect(() => foldRows(small, { k: 2, time: 'x', seed: 1 })).toThrow(/seed has no effect/);
  });
});

test('rows of the same time are never on both sides', () => {
  const times = [1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 5];
  const days = parseCsv(`t\n${times.join('\n')}\n`);
  for (const { train, validation } of foldRows(days, { k: 2, time: 't' })) {
    const last = Math.max(...[...train].map((i) => times[i]));
    expect([...validation].every((i) => times[i] > last)).toBe(true);
  }
});

test('classes keep their codes in every fold', async () => {
  const lines = Array.from({ length: 30 }, (_, i) => `${Math.sin(i)},${'cab'[i % 3]}`);
  const letters = asTraining(
    parseCsv(`x,y\n${lines.join('\n')}\n`, {
      schema: defineSchema({ x: number(), y: category() }),
    }),
  );
  const problem = softmaxRegression({ l2: 0.1 });
  const judged = await crossValidate(problem, letters, { target: 'y', folds: 3 });
  const { classes } = await fit(problem, letters, { target: 'y' });
  for (const { fitted } of judged.folds) expect(fitted.classes).toEqual(classes);
  expect(judged.heldOut.predicted.columns).toBe(3);
});
