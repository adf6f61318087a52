import {
  asTraining,
  category,
  defineSchema,
  number,
  oneHot,
  parseCsv,
  prepare,
  standardize,
  type Table,
} from '@steepest/datasets';
import { adam } from '@steepest/optim';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { predictedSparse } from '../src/fit/fitted.ts';
import {
  evaluate,
  type Fitted,
  fit,
  fromBundle,
  linearRegression,
  logisticRegression,
  poissonRegression,
  softmaxRegression,
  toBundle,
} from '../src/index.ts';
import { ExamplesSparse } from '../src/rows/examples-sparse.ts';
import { rowsInMemory } from '../src/rows/in-memory.ts';

const schema = defineSchema({
  a: number(),
  far: number(),
  shop: category(),
  kind: category(),
  weight: number(),
  label: category(),
  size: number(),
  count: number(),
});

function source(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function drawn(rows: number, levels: number, seed: number): Table {
  const draw = source(seed);
  const lines = Array.from({ length: rows }, (_, i) => {
    const a = draw() + draw() - 1;
    const [shop, kind] = [i < levels ? i : Math.floor(draw() * levels), Math.floor(draw() * 3)];
    const score = 2 * a + Math.sin(shop) + kind + 2 * draw() - 2;
    const label = score + draw() < 0 ? 'low' : score < 1.2 * draw() ? 'mid' : 'top';
    const far = 1000 + draw();
    return [a, far, `s${shop}`, `k${kind}`, 1 + (i % 3), label, score, Math.floor(Math.exp(score))];
  });
  const names = 'a,far,shop,kind,weight,label,size,count';
  return parseCsv([names, ...lines.map((line) => line.join(','))].join('\n'), { schema });
}

/** The same table, with its prepared columns kept sparse however few they are. */
const forced = (table: Table) => ({
  ...rowsInMemory(asTraining(table)),
  examples: (problem: never, reading: never) => ExamplesSparse.of(problem, table, reading),
});

const features = ['a', 'far', 'shop', 'kind'];
const problems = [
  ['linear', linearRegression({ l2: 0.01 }), 'size'],
  ['linear without a penalty', linearRegression(), 'size'],
  ['linear without an intercept', linearRegression({ l2: 0.1, intercept: false }), 'size'],
  ['logistic', logisticRegression({ l2: 0.01 }), 'top'],
  ['Poisson', poissonRegression({ l2: 0.01 }), 'count'],
  ['softmax', softmaxRegression({ l2: 0.01 }), 'label'],
] as const;

function expectSame(sparse: Fitted, dense: Fitted, table: Table): void {
  expect(sparse.converged).toBe(dense.converged);
  expect(sparse.names).toEqual(dense.names);
  expect(sparse.warnings).toEqual(dense.warnings);
  const scale = Math.max(1, ...dense.params.w.data.map(Math.abs));
  sparse.params.w.data.forEach((w, k) => {
    expect(Math.abs(w - dense.params.w.data[k])).toBeLessThan(1e-10 * scale);
  });
  const expected = dense.predict(table).data;
  const { problem, params, reading } = sparse;
  predictedSparse(problem, params, table, reading).data.forEach((p, i) => {
    expect(Math.abs(p - expected[i])).toBeLessThan(1e-10 * Math.max(1, Math.abs(expected[i])));
  });
  expect(sparse.certificate.objective).toBeCloseTo(dense.certificate.objective, 10);
  expect(sparse.certificate.gap ?? 0).toBeLessThan(1e-9);
}

test.each(problems)(
  '%s: the sparse fit is the dense one',
  async (_, problem, target) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer(),
        fc.boolean(),
        async (rows, levels, seed, weighed) => {
          const table = drawn(rows, levels, seed);
          const named = target === 'top' ? 'label' : target;
          const binary = (t: Table): Table => {
            if (target !== 'top') return t;
            const label = t.columns.get('label')!;
            if (label.type !== 'category') throw new Error('label is a category');
            const codes = label.codes.map((code) => (label.levels[code] === 'top' ? 1 : 0));
            const columns = new Map(t.columns).set('label', {
              ...label,
              codes,
              levels: ['other', 'top'],
            });
            return { ...t, columns };
          };
          const given = binary(table);
          const options = { target: named, features, ...(weighed && { weights: 'weight' }) };
          const dense = await fit(problem, asTraining(given), options as never);
          const sparse = await fit(problem, forced(given) as never, options as never);
          expectSame(sparse, dense, given);
        },
      ),
      { numRuns: 6 },
    );
  },
  30_000,
);

test('20 000 rows of 5 000 levels: memory and time are by the rows', async () => {
  const rows = 20_000;
  const train = asTraining(drawn(rows, 5000, 3));
  const options = {
    preparation: prepare([standardize(), oneHot({ limit: 9000, dropFirst: true })], {
      features,
      target: 'size',
    }),
  };
  const before = process.resourceUsage().maxRSS;
  const start = performance.now();
  const fitted = await fit(linearRegression({ l2: 1e-4 }), train, options as never);
  const taken = performance.now() - start;
  const grown = 1024 * (process.resourceUsage().maxRSS - before);
  expect(fitted.converged).toBe(true);
  expect(fitted.certificate.gap).toBeLessThan(1e-9);
  // Dense, the columns take 800 MB.
  expect(grown).toBeLessThan(250e6);
  expect(taken).toBeLessThan(20_000);
  const metrics = evaluate(fitted, train);
  expect(String(metrics)).toBe(String(fitted.metrics));
  const again = fromBundle(JSON.parse(JSON.stringify(toBundle(fitted))));
  expect(again.predict(train).data).toEqual(fitted.predict(train).data);
  // One row goes the dense way.
  const row = Object.fromEntries(
    features.map((name) => {
      const column = train.columns.get(name)!;
      return [name, column.type === 'category' ? column.levels[column.codes[7]] : column.values[7]];
    }),
  );
  expect(fitted.predict([row] as never).data[0]).toBeCloseTo(fitted.predict(train).data[7], 10);
  const adams = await fit(linearRegression({ l2: 1e-4 }), train, {
    ...options,
    optimizer: adam(),
    epochs: 3,
  } as never);
  expect(adams.report?.steps).toBe(3);
}, 60_000);

test('one-hot columns that leave no level out are told, as of a dense matrix', async () => {
  const kinds = async (rows: number, levels: number) => {
    const steps = [standardize(), oneHot({ limit: 9000 })];
    const preparation = prepare(steps, { features: ['a', 'shop'], target: 'size' });
    const train = asTraining(drawn(rows, levels, 5));
    const fitted = await fit(linearRegression({ l2: 0.01 }), train, { preparation } as never);
    return fitted.warnings.map(({ kind }) => kind);
  };
  const refused = async (rows: number, levels: number) => {
    const preparation = prepare([oneHot({ limit: 9000 })], { features: ['shop'], target: 'size' });
    const train = asTraining(drawn(rows, levels, 5));
    await expect(fit(linearRegression(), train, { preparation } as never)).rejects.toMatchObject({
      reason: 'rank-deficient',
    });
  };
  await refused(300, 10);
  await refused(9000, 1000);
  expect(await kinds(9000, 1000)).toEqual(await kinds(300, 10));
}, 30_000);
