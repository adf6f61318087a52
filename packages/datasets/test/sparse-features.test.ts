import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  asTraining,
  CsvError,
  category,
  defineSchema,
  intercept,
  number,
  oneHot,
  parseCsv,
  polynomial,
  prepare,
  type Step,
  standardize,
  type Table,
} from '../src/index.ts';

const schema = defineSchema({ a: number(), kind: category(), b: number(), place: category() });

function tableOf(rows: readonly (readonly [number, number, number, number])[]): Table {
  const lines = rows.map(([a, kind, b, place]) => `${a},k${kind},${b},p${place}`);
  return parseCsv(['a,kind,b,place', ...lines].join('\n'), { schema });
}

const pipelines: readonly (readonly [string, () => Step[]])[] = [
  ['one-hot', () => [standardize(), oneHot()]],
  ['one-hot without the first', () => [oneHot({ dropFirst: true }), intercept()]],
  ['powers after one-hot', () => [oneHot(), polynomial({ degree: 2, columns: ['a', 'b'] })]],
  ['standardized one-hot', () => [oneHot(), standardize()]],
  [
    'some of the columns one-hot',
    () => [oneHot({ unknown: 'ignore' }), standardize({ columns: ['a', 'kind=k1'] })],
  ],
];

test.each(pipelines)('%s: sparse features are the dense ones without zeros', (_, steps) => {
  const row = fc.tuple(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 0, max: 2 }),
  );
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const table = tableOf([[0, 1, 0, 0], [1, 2, 5, 1], ...rows]);
      const fitted = prepare(steps()).fit(asTraining(table));
      const dense = fitted.apply(table);
      const sparse = fitted.applySparse(table);
      expect(sparse.names).toEqual(dense.names);
      expect(sparse.values.every((value) => value !== 0)).toBe(true);
      const filled = new Float64Array(dense.data.length);
      for (let i = 0; i < sparse.rows; i++) {
        for (let k = sparse.starts[i]; k < sparse.starts[i + 1]; k++) {
          filled[i * sparse.columns + sparse.columnsOf[k]] += sparse.values[k];
        }
      }
      expect(filled).toEqual(dense.data.map((value) => value + 0));
      const most = fitted.share(table) * dense.data.length;
      expect(sparse.values.length).toBeLessThanOrEqual(most + 1e-9);
    }),
    { numRuns: 20 },
  );
});

test('a hole is told as apply tells it', () => {
  const keep = { missing: { policy: 'keep' } } as const;
  const holed = defineSchema({ a: number(keep), kind: category() });
  const table = parseCsv('a,kind\n1,x\n2,y\n,x', { schema: holed });
  const fitted = prepare([oneHot()]).fit(asTraining(table));
  const told = (f: () => unknown): unknown => {
    try {
      return f();
    } catch (error) {
      expect(error).toBeInstanceOf(CsvError);
      return String(error);
    }
  };
  expect(told(() => fitted.applySparse(table))).toBe(told(() => fitted.apply(table)));
});
