import { FlatMatrix } from '@steepest/autodiff';
import {
  asTraining,
  category,
  defineSchema,
  impute,
  number,
  oneHot,
  parseCsv,
  prepare,
  split,
  standardize,
  text,
} from '@steepest/datasets';
import { describe, expect, test } from 'vitest';
import { evaluate, fit, linearRegression, logisticRegression } from '../src/index.ts';

const line = asTraining(parseCsv('x,z,y\n1,0,3.1\n2,1,4.9\n3,0,7.2\n4,1,8.8\n5,1,11.1\n'));
const fitted = await fit(linearRegression(), line, { target: 'y' });

describe('what fit is given by mistake is named, with what to write', () => {
  const attempt = (...args: unknown[]) => (fit as (...all: unknown[]) => Promise<unknown>)(...args);

  test.each([
    [{ epoch: 3 }, /unknown option epoch; did you mean epochs\?/],
    [{ rate: 0.1 }, /unknown option rate; the rate is set in the optimizer, adam/],
    [{ l2: 0.1 }, /unknown option l2; the penalty is set in the problem/],
  ])('an option that fit does not have: %j', async (option, message) => {
    await expect(attempt(linearRegression(), line, { target: 'y', ...option })).rejects.toThrow(
      message,
    );
  });

  test('a problem that is none, data that is none', async () => {
    await expect(attempt(linearRegression, line)).rejects.toThrow(
      /got the function linearRegression; call it: linearRegression\(\)/,
    );
    await expect(attempt(line, linearRegression())).rejects.toThrow(/expected a problem such as/);
    await expect(attempt(linearRegression(), Promise.resolve(line))).rejects.toThrow(/await it/);
    await expect(attempt(linearRegression(), 'data.csv')).rejects.toThrow(
      /split\(\) or asTraining/,
    );
  });

  test('a target that is no column', async () => {
    await expect(fit(linearRegression(), line, { target: 'w' })).rejects.toThrow(
      /^fit: column "w": there is no column "w"/,
    );
  });

  test('validation on rows that are learned from', async () => {
    const validation = { data: line as never, patience: 3 };
    await expect(fit(linearRegression(), line, { target: 'y', validation })).rejects.toThrow(
      /validation needs rows that are held out for it, this table is train rows/,
    );
    await expect(
      fit(linearRegression(), line, { target: 'y', validation: line as never }),
    ).rejects.toThrow(/validation must be \{ data, patience \}/);
  });

  test('holes, where nobody said what fills them; with that, the fit goes through', async () => {
    const keep = { missing: { policy: 'keep' } } as const;
    const columns = { x: number(keep), kind: category(['a', 'b'], keep), y: category(['n', 'p']) };
    const schema = defineSchema(columns, { target: 'y' });
    const table = asTraining(
      parseCsv('x,kind,y\n1,a,n\n,b,p\n3,,n\n4,b,p\n2,a,p\n5,b,n\n', { schema }),
    );
    const problem = logisticRegression({ l2: 0.1 });
    await expect(fit(problem, table)).rejects.toThrow(
      /^fit: column "x": 1 of 6 rows have no value; say what fills them: preparation: prepare\(\[impute/,
    );
    await expect(fit(problem, table, { features: ['kind'] })).rejects.toThrow(/column "kind"/);
    const steps = [impute('median'), standardize(), oneHot({ dropFirst: true })];
    const model = await fit(problem, table, { preparation: prepare(steps) });
    expect(model.predict([{ x: null, kind: 'a' }]).get(0, 0)).toBe(
      model.predict([{ x: 3, kind: 'a' }]).get(0, 0),
    );
    // Rows to predict need no label, and a hole in place of one does not matter.
    expect(model.classify(parseCsv('x,kind,y\n1,a,\n', { schema, missing: 'keep' }))).toHaveLength(
      1,
    );
  });
});

describe('what predict is given by mistake', () => {
  test.each([[{ x: 1, z: 2 }], ['x'], [undefined], [new FlatMatrix(1, 2)]])(
    'is named: %j',
    (rows) => {
      expect(() => fitted.predict(rows as never)).toThrow(
        /predict\(\[\{ … \}\]\).*predictFeatures/,
      );
    },
  );

  test('a bad row is said with its number, a missing column with the operation', () => {
    expect(() => fitted.predict([{ x: 1, z: 1 }, { x: 1 }])).toThrow(
      /^predict: row 2, column "z": the row has no such column/,
    );
    expect(() => fitted.predict([[1, 2]] as never)).toThrow(/row 1 must be an object .*: x, z/);
    expect(() => fitted.predict(parseCsv('x\n1\n'))).toThrow(/^predict: column "z"/);
    expect(() => evaluate(fitted, parseCsv('x,z\n1,2\n'))).toThrow(/^evaluate: column "y"/);
  });
});

test('a fit repeats what split noticed about rows in order', async () => {
  const schema = defineSchema({ x: number(), y: category() }, { target: 'y' });
  const sorted = parseCsv('x,y\n1,a\n2,a\n3,b\n0,b\n4,c\n5,c\n4,c\n', { schema });
  const { train } = split(sorted, { train: 4 / 7, test: 3 / 7 });
  const model = await fit(logisticRegression({ l2: 0.1 }), train);
  expect(model.warnings.map(({ kind }) => kind)).toContain('rows-in-order');
  expect(String(model)).toContain('without a seed the rows keep their order');
});

test('columns are excluded by name, and only where that has an effect', async () => {
  const without = await fit(linearRegression(), line, { target: 'y', exclude: ['z'] });
  expect(without.coefficients[0].names).toEqual(['x']);
  await expect(fit(linearRegression(), line, { target: 'y', exclude: ['zz'] })).rejects.toThrow(
    /column "zz"/,
  );
  await expect(
    fit(linearRegression(), line, { target: 'y', features: ['x'], exclude: ['z'] }),
  ).rejects.toThrow(/exclude has no effect beside features/);
});

describe('what the data suggests is said, with the way out', () => {
  const rows = Array.from({ length: 200 }, (_, i) => [
    (i * 37) % 200,
    Math.sin(i * i),
    i % 50 === 7 ? 1 : 0,
    `n${i}`,
  ]);
  const schema = defineSchema(
    { id: number(), x: number(), y: category(['0', '1']), name: text() },
    { target: 'y' },
  );
  const table = asTraining(
    parseCsv(['id,x,y,name', ...rows.map((row) => row.join(',')), ''].join('\n'), { schema }),
  );

  test('texts that were not used, numbers that count the rows, a rare class', async () => {
    const model = await fit(logisticRegression({ l2: 0.1 }), table);
    const said = new Map(model.warnings.map((warning) => [warning.kind, warning]));
    expect([...said.keys()]).toEqual(['unused-column', 'id-like', 'imbalance']);
    expect(said.get('unused-column')?.message).toMatch(
      /"name" holds text and was not used; declare as category/,
    );
    expect(said.get('id-like')?.message).toMatch(/"id" counts the rows.*\{ exclude: \["id"\] \}/);
    expect(said.get('imbalance')?.message).toMatch(
      /^2.0 % of the rows are "1": accuracy says little/,
    );
  });

  test('a column left out is spoken of no more', async () => {
    const model = await fit(logisticRegression({ l2: 0.1 }), table, { exclude: ['id'] });
    expect(model.warnings.map(({ kind }) => kind)).toEqual(['unused-column', 'imbalance']);
  });
});

test('a misspelt or missing column of a row to predict does not compile', async () => {
  const schema = defineSchema(
    { age: number(), plan: category(['a', 'b']), left: category(['no', 'yes']) },
    { target: 'left' },
  );
  const { train } = split(
    parseCsv('age,plan,left\n1,a,no\n2,b,yes\n3,a,yes\n4,b,no\n5,a,no\n6,b,yes\n', { schema }),
    { train: 1, test: 0 },
  );
  const problem = logisticRegression({ l2: 0.1 });
  const all = await fit(problem, train);
  expect(all.predict([{ age: '3', plan: 'a' }]).rows).toBe(1);
  expect(
    all.predict([
      new Map<string, unknown>([
        ['age', 3],
        ['plan', 'a'],
      ]),
    ]).rows,
  ).toBe(1);
  // @ts-expect-error there is no column agee
  expect(() => all.predict([{ agee: 3, plan: 'a' }])).toThrow(/column "age": the row has no such/);
  const listed = await fit(problem, train, { features: ['age', 'plan'] });
  // @ts-expect-error the feature plan is missing
  expect(() => listed.predict([{ age: 3 }])).toThrow(/column "plan": the row has no such/);
  await expect(fit(problem, train, { features: ['ages'] })).rejects.toThrow(/column "ages"/);
});
