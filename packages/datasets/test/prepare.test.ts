import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asTraining,
  CsvError,
  category,
  defineSchema,
  type Features,
  impute,
  intercept,
  minMax,
  number,
  oneHot,
  parseCsv,
  polynomial,
  preparationFromJSON,
  prepare,
  type Step,
  standardize,
} from '../src/index.ts';

const schema = defineSchema(
  {
    a: number({ missing: { policy: 'keep' } }),
    b: number(),
    k: category(undefined, { missing: { policy: 'keep' } }),
    y: number(),
  },
  { target: 'y' },
);
const train = asTraining(
  parseCsv('a,b,k,y\n1,10,red,1\n,20,blue,2\n5,20,,3\n6,30,red,4\n', { schema }),
);

function matrix({ data, rows, columns }: Features): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.slice(i * columns, (i + 1) * columns)]);
}

/** What the steps make of the column x of these numbers. */
function one(values: readonly number[], steps: readonly Step[]): number[] {
  const table = asTraining(parseCsv(`x\n${values.join('\n')}\n`));
  return [...prepare(steps).fit(table).apply(table).data];
}

describe('prepare', () => {
  test('runs the steps in order into one row-major buffer', () => {
    const fitted = prepare([
      impute('mean'),
      standardize({ columns: ['b'] }),
      oneHot(),
      intercept(),
    ]).fit(train);
    const features = fitted.apply(train);
    expect(features.names).toEqual(['(intercept)', 'a', 'b', 'k=blue', 'k=red']);
    const s = Math.sqrt(50);
    expect(matrix(features)).toEqual([
      [1, 1, -10 / s, 0, 1],
      [1, 4, 0, 1, 0],
      [1, 5, 0, 0, 1],
      [1, 6, 10 / s, 0, 1],
    ]);
    expect([features.x.shape, features.x.stride, features.x.data.length]).toEqual([
      [4, 5],
      [5, 1],
      20,
    ]);
    expect(features.x.data).toBe(features.data);
    expect([...features.y.data]).toEqual([1, 2, 3, 4]);
    expect(features.y.shape).toEqual([4, 1]);
    expect(features.target).toBe(features.y);
  });

  test('what was learned from the training rows is applied to others', () => {
    const fitted = prepare([impute('median'), minMax({ columns: ['b'] }), oneHot()]).fit(train);
    const other = parseCsv('a,b,k,y\n,40,blue,0\n', { schema });
    expect(matrix(fitted.apply(other))).toEqual([[5, 1.5, 1, 0]]);
  });

  test('a table without the target gives features with an empty y', () => {
    const fitted = prepare([standardize()], { features: ['b'] }).fit(train);
    const { target: _, ...unlabelled } = schema;
    const columns = unlabelled.columns.filter(({ name }) => name !== 'y');
    const features = fitted.apply(parseCsv('a,b,k\n1,10,red\n', { schema: { columns } }));
    expect([features.y.shape, features.target]).toEqual([[1, 0], undefined]);
  });

  test('classes of a category target keep their stored order', () => {
    const labelled = defineSchema({ x: number(), k: category(['z', 'a']) }, { target: 'k' });
    const table = asTraining(parseCsv('x,k\n1,a\n2,z\n', { schema: labelled }));
    const features = prepare([]).fit(table).apply(table);
    expect([features.classes, [...features.y.data]]).toEqual([
      ['z', 'a'],
      [1, 0],
    ]);
  });

  test.each<[string, readonly Step[], string]>([
    ['a label without oneHot', [impute()], 'still holds labels'],
    ['a hole before oneHot', [oneHot()], 'put impute() before oneHot()'],
    [
      'a step for a column that is not there',
      [standardize({ columns: ['q'] })],
      '"q" is not among the features',
    ],
    ['a numeric step for labels', [minMax({ columns: ['k'] })], 'holds labels'],
  ])('%s is an error', (_, steps, message) => {
    expect(() => prepare(steps).fit(train).apply(train)).toThrow(message);
  });

  test('a hole that nothing filled is named', () => {
    expect(() =>
      prepare([], { features: ['a'] })
        .fit(train)
        .apply(train),
    ).toThrow(/column "a": row 2 .*add impute/);
  });

  test('unknown features and the target among them are refused', () => {
    expect(() => prepare([], { features: ['A2'] }).fit(train)).toThrow(CsvError);
    expect(() => prepare([], { features: ['y'] }).fit(train)).toThrow(/also listed as a feature/);
  });
});

describe('impute', () => {
  const holes = asTraining(parseCsv('x\n1\nNA\n2\n2\n10\n', { missing: 'keep' }));
  test.each([
    ['mean', 3.75],
    ['median', 2],
    ['most-frequent', 2],
    [{ constant: -1 }, -1],
  ] as const)('%j', (filling, value) => {
    const fitted = prepare([impute(filling)]).fit(holes);
    expect([...fitted.apply(holes).data]).toEqual([1, value, 2, 2, 10]);
    expect(fitted.warnings).toMatchObject([{ kind: 'imputed', column: 'x', count: 1 }]);
  });

  test('labels get the most frequent one', () => {
    const fitted = prepare([impute(), oneHot()], { features: ['k'] }).fit(train);
    expect(matrix(fitted.apply(train))[2]).toEqual([0, 1]);
  });

  test('a column without training values is refused by name', () => {
    const empty = asTraining(parseCsv('x,y\nNA,1\nNA,2\n', { missing: 'keep' }));
    expect(() => prepare([impute()]).fit(empty)).toThrow(
      expect.objectContaining({ reason: 'all-missing-column', column: 'x' }),
    );
  });
});

describe('standardize', () => {
  test('gives mean 0 and population deviation 1, and can be undone', () => {
    const doubles = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 2,
      maxLength: 50,
    });
    fc.assert(
      fc.property(doubles, (values) => {
        fc.pre(new Set(values).size > 1 && Math.max(...values) - Math.min(...values) > 1e-3);
        const table = asTraining(parseCsv(`x\n${values.join('\n')}\n`));
        const fitted = prepare([standardize()]).fit(table);
        const z = fitted.apply(table).data;
        expect(z.reduce((a, b) => a + b, 0) / z.length).toBeCloseTo(0, 6);
        expect(Math.sqrt(z.reduce((a, b) => a + b * b, 0) / z.length)).toBeCloseTo(1, 6);
        const { coefficients, intercept: constant } = fitted.toRawScale([1]); // z = c x + i, so x = (z − i)/c
        z.forEach((v, i) => {
          expect((v - constant) / coefficients[0]).toBeCloseTo(values[i], 4);
        });
      }),
    );
  });

  test('numbers far from 0 lose nothing to cancellation', () => {
    const z = one([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], [standardize()]);
    const s = Math.sqrt(22.5);
    expect(z).toEqual([-6 / s, -3 / s, 3 / s, 6 / s]);
  });

  test('a constant column becomes exactly 0, with a warning', () => {
    const table = asTraining(parseCsv('x,y\n0.1,1\n0.1,2\n0.1,3\n'));
    const fitted = prepare([standardize()]).fit(table);
    expect(matrix(fitted.apply(table)).map(([x]) => x)).toEqual([0, 0, 0]);
    expect(fitted.warnings).toMatchObject([{ kind: 'constant-column', column: 'x' }]);
  });

  test('agrees with scikit-learn on the breast cancer data', () => {
    const reference = JSON.parse(
      readFileSync(
        new URL('../../../test/cases/classic/logistic-l2-bc-1e-2.json', import.meta.url),
        'utf8',
      ),
    );
    const path = new URL('../data/breast_cancer.csv', import.meta.url);
    const table = asTraining(parseCsv(readFileSync(path)));
    const fitted = prepare([standardize()], { features: reference.features }).fit(table);
    const raw = fitted.toRawScale(reference.optimum.coefficients, reference.optimum.intercept);
    raw.coefficients.forEach((c, j) => {
      expect(c / reference.optimum.coefficients_on_raw_columns[j]).toBeCloseTo(1, 11);
    });
    expect(raw.intercept / reference.optimum.intercept_on_raw_columns).toBeCloseTo(1, 11);
  });
});

describe('minMax', () => {
  test('moves the training range to the wanted one', () => {
    expect(one([2, 4, 6], [minMax()])).toEqual([0, 0.5, 1]);
    expect(one([2, 4, 6], [minMax({ to: [-1, 1] })])).toEqual([-1, 0, 1]);
    expect(one([3, 3], [minMax()])).toEqual([0, 0]);
    expect(() => minMax({ to: [1, 0] })).toThrow(/smaller first/);
  });
});

describe('oneHot', () => {
  const labels = (cells: readonly string[], levels?: readonly string[]) =>
    asTraining(
      parseCsv(`k\n${cells.join('\n')}\n`, { schema: defineSchema({ k: category(levels) }) }),
    );

  test('each row sums to 1', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'ü'), { minLength: 2 }), (cells) => {
        const table = labels(cells);
        for (const row of matrix(prepare([oneHot()]).fit(table).apply(table))) {
          expect(row.reduce((a, b) => a + b, 0)).toBe(1);
        }
      }),
    );
  });

  test('declared levels have a column each, collected ones only if training saw them', () => {
    expect(prepare([oneHot()]).fit(labels(['a', 'b'], ['c', 'b', 'a'])).names).toEqual([
      'k=c',
      'k=b',
      'k=a',
    ]);
    expect(prepare([oneHot({ dropFirst: true })]).fit(labels(['b', 'a'])).names).toEqual(['k=b']);
  });

  test('an unknown label is an error or a row of zeros, as declared', () => {
    const other = labels(['a', 'new']);
    expect(() =>
      prepare([oneHot()])
        .fit(labels(['a', 'b']))
        .apply(other),
    ).toThrow(expect.objectContaining({ reason: 'unknown-category', column: 'k' }));
    const fitted = prepare([oneHot({ unknown: 'ignore' })]).fit(labels(['a', 'b']));
    expect(matrix(fitted.apply(other))).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  test('a column of identifiers is refused unless the limit is raised', () => {
    const table = labels(Array.from({ length: 30 }, (_, i) => `id${i}`));
    expect(() => prepare([oneHot()]).fit(table)).toThrow(
      expect.objectContaining({ reason: 'high-cardinality', column: 'k' }),
    );
    expect(prepare([oneHot({ limit: 30 })]).fit(table).names.length).toBe(30);
  });
});

describe('polynomial', () => {
  const table = asTraining(parseCsv('x,z\n2,3\n'));
  test.each([
    [{}, ['x', 'z', 'x^2', 'x*z', 'z^2'], [2, 3, 4, 6, 9]],
    [
      { degree: 3, interactions: false },
      ['x', 'z', 'x^2', 'z^2', 'x^3', 'z^3'],
      [2, 3, 4, 9, 8, 27],
    ],
    [{ powers: false }, ['x', 'z', 'x*z'], [2, 3, 6]],
    [{ columns: ['z'] }, ['x', 'z', 'z^2'], [2, 3, 9]],
  ])('%j', (options, names, values) => {
    const features = prepare([polynomial(options)])
      .fit(table)
      .apply(table);
    expect([features.names, [...features.data]]).toEqual([names, values]);
  });

  test('too many terms are refused', () => {
    expect(() => prepare([polynomial({ limit: 2 })]).fit(table)).toThrow(/more than 2 terms/);
    expect(() => polynomial({ degree: 1 })).toThrow(/from 2 to 20/);
  });
});

describe('toRawScale', () => {
  test('the model of raw columns predicts the same', () => {
    const table = asTraining(parseCsv('x,z\n1,5\n2,-3\n4,0\n9,2\n'));
    const fitted = prepare([polynomial(), minMax({ to: [-1, 3] }), standardize(), intercept()]).fit(
      table,
    );
    const features = fitted.apply(table);
    const w = features.names.map((_, j) => j - 2.5);
    const raw = fitted.toRawScale(w, 7);
    expect(raw.names).toEqual(['x', 'z', 'x^2', 'x*z', 'z^2']);
    const rawRows = matrix(prepare([polynomial()]).fit(table).apply(table));
    matrix(features).forEach((row, i) => {
      const prepared = row.reduce((sum, v, j) => sum + v * w[j], 7);
      const direct = rawRows[i].reduce((sum, v, j) => sum + v * raw.coefficients[j], raw.intercept);
      expect(direct).toBeCloseTo(prepared, 10);
    });
  });

  test('products of rescaled columns have no raw scale', () => {
    const table = asTraining(parseCsv('x,z\n1,5\n2,-3\n'));
    const fitted = prepare([standardize(), polynomial()]).fit(table);
    expect(() => fitted.toRawScale([1, 2, 3, 4, 5])).toThrow(
      /put polynomial\(\) before the scaling/,
    );
    expect(() => fitted.toRawScale([1])).toThrow(/product|expected/);
  });
});

describe('a fitted preparation is plain data', () => {
  const fitted = prepare([
    impute(),
    polynomial(),
    standardize(),
    minMax(),
    oneHot(),
    intercept(),
  ]).fit(train);
  const saved = JSON.stringify(fitted);

  test('it comes back from JSON with the same features, to the last bit', () => {
    const loaded = preparationFromJSON(JSON.parse(saved));
    expect(loaded.apply(train).data).toEqual(fitted.apply(train).data);
    expect(JSON.stringify(loaded)).toBe(saved);
    expect(loaded.toRawScale(loaded.names.map(() => 1))).toEqual(
      fitted.toRawScale(fitted.names.map(() => 1)),
    );
  });

  const broken: [string, (json: ReturnType<typeof JSON.parse>) => void][] = [
    ['format', (json) => (json.format = 'other')],
    ['version', (json) => (json.version = 2)],
    ['schema.columns', (json) => (json.schema.columns = 1)],
    ['features', (json) => json.features.push('none')],
    ['steps[0].step', (json) => (json.steps[0].step = 'constructor')],
    ['impute.fills', (json) => (json.steps[0].state = {})],
    ['impute.fills[0].value', (json) => (json.steps[0].state.fills[0].value = null)],
    ['polynomial.terms[0]', (json) => (json.steps[1].state.terms[0] = [['a', 1.5]])],
    ['standardize.columns[0].scale', (json) => (json.steps[2].state.columns[0].scale = 0)],
    ['min-max.columns[0].shift', (json) => (json.steps[3].state.columns[0].shift = 'x')],
    ['one-hot.unknown', (json) => (json.steps[4].state.unknown = 'maybe')],
    ['one-hot.columns[0].levels', (json) => (json.steps[4].state.columns[0].levels = [1])],
    ['names', (json) => (json.names = 'x')],
  ];
  test.each(broken)('damage at %s is named', (path, damage) => {
    const json = JSON.parse(saved);
    damage(json);
    expect(() => preparationFromJSON(json)).toThrow(path);
  });

  test('anything else is refused', () => {
    for (const json of [null, 1, [], {}, 'x'])
      expect(() => preparationFromJSON(json)).toThrow(TypeError);
  });
});

describe('applyRow prepares one raw row', () => {
  const fitted = prepare([impute(), standardize(), oneHot()]).fit(train);
  const first = matrix(fitted.apply(train))[0];

  test('from text, numbers, or a map, as from the table', () => {
    expect([...fitted.applyRow({ a: '1', b: ' 10 ', k: 'red' }).data]).toEqual(first);
    expect([...fitted.applyRow({ a: 1, b: 10, k: 'red', other: 'ignored' }).data]).toEqual(first);
    const map = new Map<string, unknown>([
      ['a', 1],
      ['b', 10],
      ['k', 'red'],
    ]);
    expect([...fitted.applyRow(map).data]).toEqual(first);
  });

  test('holes are filled where the schema keeps them', () => {
    expect(fitted.applyRow({ a: null, b: 10, k: 'red' }).data[0]).toBe(0);
  });

  test.each([
    [{ a: 1, k: 'red' }, 'missing', 'b'],
    [{ a: 1, b: '0x10', k: 'red' }, 'not-a-number', 'b'],
    [{ a: 1, b: null, k: 'red' }, 'missing', 'b'],
    [{ a: 1, b: Number.POSITIVE_INFINITY, k: 'red' }, 'not-finite', 'b'],
    [{ a: 1, b: 2, k: 'green' }, 'unknown-category', 'k'],
  ])('%j is refused', (row, reason, column) => {
    expect(() => fitted.applyRow(row)).toThrow(expect.objectContaining({ reason, column }));
  });
});

describe('columns by name', () => {
  const table = asTraining(
    parseCsv('k,k=a,y\na,1,1\nb,2,2\n', {
      schema: defineSchema({ k: category(), 'k=a': number(), y: number() }, { target: 'y' }),
    }),
  );

  test('the intercept stays 1, whatever comes after it', () => {
    const fitted = prepare([intercept(), standardize(), minMax(), polynomial()], {
      features: ['k=a'],
    }).fit(table);
    expect(fitted.names).toEqual(['(intercept)', 'k=a', 'k=a^2']);
    expect(fitted.apply(table).x.get(0, 0)).toBe(1);
    expect(fitted.warnings).toEqual([]);
  });

  test('two prepared columns of one name are refused', () => {
    expect(() => prepare([oneHot()]).fit(table)).toThrow(/two prepared columns are called "k=a"/);
    expect(() => prepare([oneHot(), intercept(), intercept()]).fit(table)).toThrow(/called/);
  });
});

test('features are written into arrays of the caller’s', () => {
  const table = asTraining(parseCsv('a,b,y\n1,2,0\n3,4,1\n5,9,0'));
  const fitted = prepare([standardize()], { target: 'y' }).fit(table);
  const made: Float64Array[] = [];
  const allocate = (length: number) => {
    made.push(new Float64Array(new SharedArrayBuffer(8 * length)));
    return made[made.length - 1];
  };
  const features = fitted.apply(table, { allocate });
  expect(features).toEqual(fitted.apply(table));
  expect([features.data, features.y.data]).toEqual(made);
  expect(features.data).toBe(made[0]);
  const short = () => new Float64Array(1);
  expect(() => fitted.apply(table, { allocate: short })).toThrow(
    'apply: allocate must return a Float64Array of length 6',
  );
  expect(() => fitted.apply(table, { alocate: short } as never)).toThrow('allocate');
});
