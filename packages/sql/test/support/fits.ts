import type { FlatMatrix } from '@steepest/autodiff';
import {
  asTraining,
  category,
  columnValues,
  date,
  dates,
  defineSchema,
  impute,
  number,
  oneHot,
  parseCsv,
  polynomial,
  prepare,
  standardize,
  type Table,
} from '@steepest/datasets';
import { type BundledName, bundled } from '@steepest/datasets/node';
import {
  evaluate,
  type FitOptions,
  type Fitted,
  fit,
  linearRegression,
  logisticRegression,
  type Problem,
  poissonRegression,
  softmaxRegression,
} from '@steepest/models';
import { summary } from '@steepest/models/inference';
import { expect, test } from 'vitest';
import { predictSql, sqlRows, summaryInDatabase } from '../../src/index.ts';
import type { Engine } from './engines.ts';

/** Puts a table into a database: numbers, labels and dates, holes as NULL. */
export async function putTable(
  { run, database }: Engine,
  name: string,
  table: Table,
): Promise<void> {
  const { dialect } = database;
  const columns = table.names.map((column) => ({ column, values: columnValues(table, column) }));
  const types = {
    number: 'DOUBLE PRECISION',
    category: 'TEXT',
    date: 'TIMESTAMP',
    boolean: 'BOOLEAN',
    text: 'TEXT',
  };
  const target = dialect.quote(name);
  await run(`DROP TABLE IF EXISTS ${target}`);
  const list = columns.map(
    ({ column, values }) => `${dialect.quote(column)} ${types[values.type]}`,
  );
  await run(`CREATE TABLE ${target} (${list.join(', ')})`);
  const cell = (values: (typeof columns)[number]['values'], i: number): string => {
    if (values.type === 'category') {
      return values.codes[i] < 0 ? 'NULL' : dialect.text(values.levels[values.codes[i]]);
    }
    const value = values.values[i];
    if (typeof value !== 'number' || Number.isNaN(value)) return 'NULL';
    if (values.type === 'date')
      return dialect.text(new Date(value).toISOString().slice(0, 19).replace('T', ' '));
    return dialect.number(value);
  };
  const rows = Array.from(
    { length: table.rows },
    (_, i) => `(${columns.map(({ values }) => cell(values, i)).join(', ')})`,
  );
  for (let from = 0; from < rows.length; from += 500) {
    await run(`INSERT INTO ${target} VALUES ${rows.slice(from, from + 500).join(', ')}`);
  }
}

/** A fit of the same rows in memory and in a database: the same model, certificate and metrics. */
export async function expectSameFit(
  engine: Engine,
  problem: Problem,
  table: Table,
  options: FitOptions,
): Promise<{ here: Fitted; there: Fitted }> {
  await putTable(engine, 'rows of a fit', table);
  const rows = sqlRows(engine.database, { from: 'rows of a fit', schema: table.schema });
  const here = await fit(problem, asTraining(table), options);
  const there = await fit(problem, rows, options);
  expect(there.converged).toBe(here.converged);
  expect(there.names).toEqual(here.names);
  expect(there.classes).toEqual(here.classes);
  close(there.params.w.data, here.params.w.data, 1e-10);
  close(entries(there.params.b), entries(here.params.b), 1e-10);
  close([there.certificate.objective], [here.certificate.objective], 1e-10);
  expect(there.certificate.decrement).toBeLessThan(1e-10 * Math.max(1, here.certificate.objective));
  const kinds = (fitted: Fitted) =>
    fitted.warnings.map(({ kind }) => kind).filter((kind) => kind !== 'id-like');
  expect(kinds(there)).toEqual(kinds(here));
  expectSameMetrics(there.metrics, here.metrics);
  expectSameMetrics(await evaluate(here, rows), evaluate(here, table));
  await expectSamePredictions(engine, here, table);
  return { here, there };
}

/** What a model predicts of the rows that lie there, by an expression and by a view. */
async function expectSamePredictions(engine: Engine, fitted: Fitted, table: Table): Promise<void> {
  const { dialect } = engine.database;
  await engine.run(`DROP VIEW IF EXISTS ${dialect.quote('a "view"')}`);
  await engine.run(
    predictSql(fitted, dialect, { view: 'a "view"', from: 'rows of a fit', as: 'p' }),
  );
  const { classes, problem } = fitted;
  const names = problem.outputs === 1 ? ['p'] : (classes ?? []);
  const session = await engine.database.open();
  const sums = names.map(
    (name) => `SUM(${dialect.quote(name)}), SUM(${dialect.quote(name)} * ${dialect.quote(name)})`,
  );
  const [row] = await session.query(`SELECT ${sums.join(', ')} FROM ${dialect.quote('a "view"')}`);
  await session.end();
  const p = fitted.predict(table);
  const expected = names.flatMap((_, k) => {
    const column = Array.from({ length: p.rows }, (_, i) => p.get(i, k));
    return [column.reduce((a, b) => a + b, 0), column.reduce((a, b) => a + b * b, 0)];
  });
  close(row.map(Number), expected, 1e-12);
  await engine.run(`DROP VIEW ${dialect.quote('a "view"')}`);
}

function expectSameMetrics(there: object, here: object): void {
  const plain = (x: object): unknown => JSON.parse(JSON.stringify(x));
  const walk = (a: unknown, b: unknown, path: string): void => {
    if (typeof b === 'number') {
      if (!(Math.abs((a as number) - b) <= 1e-9 * Math.max(1, Math.abs(b)))) {
        throw new Error(`${path}: ${a}, expected ${b}`);
      }
    } else if (typeof b === 'object' && b !== null) {
      expect(Object.keys(a as object), path).toEqual(Object.keys(b));
      for (const [key, value] of Object.entries(b))
        walk((a as Record<string, unknown>)[key], value, `${path}.${key}`);
    } else expect(a, path).toEqual(b);
  };
  walk(plain(there), plain(here), 'metrics');
}

const entries = (b: number | FlatMatrix): ArrayLike<number> =>
  typeof b === 'number' ? [b] : b.data;

function close(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  expect(a.length).toBe(b.length);
  const size = Math.max(...Array.from(b, Math.abs));
  for (let k = 0; k < a.length; k++) {
    if (!(Math.abs(a[k] - b[k]) <= tolerance * size)) {
      throw new Error(`entry ${k}: ${a[k]} in the database, ${b[k]} in memory`);
    }
  }
}

const counts = (): Table => {
  let text = 'age,claims,km,when,town\n';
  for (let i = 0; i < 300; i++) {
    const age = i % 7 === 3 ? '' : String(20 + ((i * 37) % 50));
    const day = new Date(Date.UTC(2019, 11, 20 + i, (i * 5) % 24)).toISOString().slice(0, 19);
    const town = i % 11 === 5 ? '' : ['Köln', "L'Aquila", 'Ürümqi'][(i * i) % 3];
    text += `${age},${(i * 7919) % 5},${1 + (i % 9)},${day},${town}\n`;
  }
  const schema = defineSchema(
    {
      age: number({ missing: { policy: 'keep' } }),
      claims: number(),
      km: number(),
      when: date(),
      town: category(undefined, { missing: { policy: 'keep' } }),
    },
    { target: 'claims' },
  );
  return parseCsv(text, { schema });
};

const read = (name: BundledName): Promise<Table> => bundled(name).read() as Promise<Table>;

/** Every family and penalty that fits in a database, on the data that ships. */
export function fits(there: () => Engine, extent: 'all' | 'some'): void {
  test('fits logistic regression as in memory', async () => {
    const table = await read('breast_cancer');
    await expectSameFit(there(), logisticRegression({ l2: 0.01 }), table, { target: 'target' });
  });

  test('fits linear regression as in memory, with and without a penalty', async () => {
    const table = await read('diabetes');
    await expectSameFit(there(), linearRegression(), table, { target: 'target' });
    await expectSameFit(there(), linearRegression({ l2: 0.1 }), table, { target: 'target' });
  });

  test('fits counts with exposure, filled holes, dates and towns', async () => {
    const table = counts();
    const steps = [
      dates({ parts: ['elapsed', 'year', 'month', 'weekday', 'hour'] }),
      impute('median'),
      standardize(),
      oneHot({ dropFirst: true }),
    ];
    const options = {
      target: 'claims',
      exposure: 'km',
      preparation: prepare(steps, { target: 'claims', features: ['age', 'when', 'town'] }),
    };
    const { there: found } = await expectSameFit(
      there(),
      poissonRegression({ l2: 0.001 }),
      table,
      options,
    );
    expect(found.names).toContain('when.month');
  });

  if (extent === 'some') return;

  test('summarizes a fit from sums, as summary does from rows', async () => {
    const table = await read('diabetes');
    const stack = await read('stackloss');
    const claims = counts();
    for (const [problem, rows, options] of [
      [linearRegression(), table, { target: 'target' }],
      [linearRegression({ intercept: false }), stack, { target: 'STACKLOSS' }],
      [poissonRegression(), claims, { target: 'claims', features: ['km'] }],
    ] as const) {
      await putTable(there(), 'summed', rows);
      const source = sqlRows(there().database, { from: 'summed', schema: rows.schema });
      const here = summary(await fit(problem, asTraining(rows), options), rows);
      const model = await fit(problem, source, options);
      const found = await summaryInDatabase(model, source);
      const figures = (s: typeof here) => s.estimates.flatMap((e) => [e.estimate, e.standardError]);
      close(figures(found), figures(here), 1e-8);
      const whole = (s: typeof here) => [
        s.logLikelihood,
        s.deviance,
        s.nullDeviance,
        s.aic,
        s.pearson,
      ];
      close(whole(found) as number[], whole(here) as number[], 1e-9);
    }
    const penalized = await fit(
      linearRegression({ l2: 1 }),
      sqlRows(there().database, { from: 'summed', schema: claims.schema }),
      { target: 'claims', features: ['km'] },
    );
    const source = sqlRows(there().database, { from: 'summed', schema: claims.schema });
    await expect(summaryInDatabase(penalized, source)).rejects.toThrow(/penalty/);
  });

  test('fits softmax regression as in memory', async () => {
    const table = await read('iris');
    await expectSameFit(there(), softmaxRegression({ l2: 0.001 }), table, { target: 'species' });
  });

  test('fits with weights, without an intercept, of powers', async () => {
    const table = await read('stackloss');
    const preparation = prepare([polynomial({ degree: 2 }), standardize()], {
      target: 'STACKLOSS',
      features: ['AIRFLOW', 'WATERTEMP'],
    });
    await expectSameFit(there(), linearRegression({ l2: 0.01 }), table, {
      target: 'STACKLOSS',
      weights: 'ACIDCONC',
      preparation,
    });
    await expectSameFit(there(), linearRegression({ intercept: false }), table, {
      target: 'STACKLOSS',
    });
  });

  test('refuses holes, constant columns and dependent ones as in memory', async () => {
    const table = counts();
    await putTable(there(), 'counts', table);
    const rows = sqlRows(there().database, { from: 'counts', schema: table.schema });
    await expect(
      fit(poissonRegression(), rows, { target: 'claims', features: ['age', 'km'] }),
    ).rejects.toThrow(/column "age": \d+ of 300 rows have no value/);
    const twice = sqlRows(there().database, {
      from: { query: 'SELECT claims, km, 2 * km + 1 AS twice, 3 AS same FROM counts' },
      schema: defineSchema({ claims: number(), km: number(), twice: number(), same: number() }),
    });
    const of = (features: string[]) =>
      fit(poissonRegression(), twice, { target: 'claims', features });
    await expect(of(['km', 'twice'])).rejects.toThrow(/combination|depend|multiple/);
    await expect(of(['km', 'same'])).rejects.toThrow(/constant|one value/);
  });

  test('lets few values leave the database', async () => {
    const table = await read('breast_cancer');
    await putTable(there(), 'counted', table);
    const rows = sqlRows(there().database, { from: 'counted', schema: table.schema });
    await fit(logisticRegression({ l2: 0.01 }), rows, { target: 'target' });
    const p = table.names.length;
    const { values, queries } = rows.traffic;
    expect(values / queries).toBeLessThan(p * p + 1000);
  });
}
