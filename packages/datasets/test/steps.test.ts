import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  asTraining,
  category,
  defineSchema,
  type FittedPreparation,
  hashing,
  impute,
  interactions,
  number,
  oneHot,
  parseCsv,
  preparationFromJSON,
  prepare,
  randomFourier,
  type SplinesOptions,
  type Step,
  splines,
  standardize,
} from '../src/index.ts';

type Matrix = readonly (readonly number[])[];
const cases = JSON.parse(readFileSync(new URL('cases/steps.json', import.meta.url), 'utf8')) as {
  readonly columns: Readonly<Record<'x' | 'z', number[]> & Record<'kind' | 'size', string[]>>;
  readonly at: readonly number[];
  readonly splines: readonly { readonly options: SplinesOptions; readonly values: Matrix }[];
  readonly interactions: Matrix;
  readonly hashing: { readonly city: readonly string[]; readonly values: Matrix };
};
const schema = defineSchema({ x: number(), z: number(), kind: category(), size: category() });
const { x, z, kind, size } = cases.columns;
const lines = x.map((_, i) => [x[i], z[i], kind[i], size[i]].join(','));
const table = asTraining(parseCsv(`x,z,kind,size\n${lines.join('\n')}\n`, { schema }));

/** The same from a file as from the fit, for a table as for its rows. */
function fitted(steps: readonly Step[], features: readonly string[]): FittedPreparation {
  const made = prepare(steps, { features }).fit(table);
  const loaded = preparationFromJSON(JSON.parse(JSON.stringify(made)));
  expect(loaded.names).toEqual(made.names);
  expect(loaded.apply(table).data).toEqual(made.apply(table).data);
  const row = { x: x[3], z: z[3], kind: kind[3], size: size[3] };
  const wanted = Object.fromEntries(
    Object.entries(row).filter(([name]) => features.includes(name)),
  );
  const width = made.names.length;
  expect(loaded.applyRow(wanted).data).toEqual(made.apply(table).data.slice(3 * width, 4 * width));
  return made;
}

describe('splines', () => {
  test.each(cases.splines)("are R's, beyond the ends too: $options", ({ options, values }) => {
    const made = fitted([splines(options)], ['x']);
    const prefix = options.kind === 'b' ? 'bs' : 'ns';
    expect(made.names).toEqual(values[0].map((_, k) => `${prefix}(x)${k + 1}`));
    cases.at.forEach((at, i) => {
      made.applyRow({ x: at }).data.forEach((value, k) => {
        expect(value / Math.max(1, Math.abs(values[i][k]))).toBeCloseTo(
          values[i][k] / Math.max(1, Math.abs(values[i][k])),
          12,
        );
      });
    });
  });

  test('refuse what has no basis', () => {
    const fit = (options: SplinesOptions, features = ['x']) =>
      prepare([splines(options)], { features }).fit(table);
    expect(() => fit({ kind: 'b', df: 2 })).toThrow(/df must be at least the degree, 3, got 2/);
    expect(() => fit({ degree: 2 })).toThrow(/natural splines are cubic/);
    expect(() => fit({ df: 3, knots: [2] })).toThrow(/df has no effect beside knots/);
    expect(() => fit({ knots: [2] }, ['x', 'z'])).toThrow(/knots are for one column/);
    expect(() => fit({ knots: [200] })).toThrow(/must rise between its ends/);
    const few = asTraining(parseCsv('a\n1\n1\n1\n1\n2\n'));
    expect(() => prepare([splines()], { features: ['a'] }).fit(few)).toThrow(/smaller df/);
  });

  test('a hole stays a hole, for impute to fill before', () => {
    const holes = asTraining(parseCsv('a\n1\n2\nNA\n4\n5\n7\n', { missing: 'keep' }));
    const bare = prepare([splines({ df: 2 })], { features: ['a'] }).fit(holes);
    expect(() => bare.apply(holes)).toThrow(/row 3 .*no value/);
    const filled = prepare([impute('median'), splines({ df: 2 })], { features: ['a'] }).fit(holes);
    expect(filled.apply(holes).rows).toBe(6);
  });
});

describe('interactions', () => {
  test("are those of R's model matrix, labels among them", () => {
    const terms = ['x:z', 'x:kind', 'kind:size', 'x:z:size'];
    const steps = [interactions({ terms }), oneHot({ dropFirst: true })];
    const made = fitted(steps, ['x', 'z', 'kind', 'size']);
    expect(made.names.slice(5)).toEqual([
      'x:z',
      'x:kind=v',
      'x:kind=w',
      'kind=v:size=little',
      'kind=w:size=little',
      'x:z:size=little',
    ]);
    const { data, columns } = made.apply(table);
    cases.interactions.forEach((row, i) => {
      row.forEach((value, k) => {
        expect(data[i * columns + 5 + k]).toBeCloseTo(value, 12);
      });
    });
  });

  test('refuse labels that training did not see, and columns that are not there', () => {
    const steps = [interactions({ terms: ['x:kind'] }), oneHot({ unknown: 'ignore' })];
    const made = prepare(steps, { features: ['x', 'kind'] }).fit(table);
    expect(() => made.applyRow({ x: 1, kind: 'new' })).toThrow(/"new", which training did not see/);
    const fit = (terms: readonly string[]) =>
      prepare([interactions({ terms }), oneHot()], { features: ['x', 'kind'] }).fit(table);
    expect(() => fit(['x:none'])).toThrow(/"none" of "x:none" is not among the features/);
    expect(() => fit(['x:x'])).toThrow(/two different columns/);
    expect(() => fit(['x'])).toThrow(/two different columns/);
  });

  test('have no raw scale after a scaling, and one before', () => {
    const terms = ['x:z'];
    const before = prepare([interactions({ terms }), standardize()], { features: ['x', 'z'] });
    expect(before.fit(table).toRawScale([1, 2, 3]).names).toEqual(['x', 'z', 'x:z']);
    const after = prepare([standardize(), interactions({ terms })], { features: ['x', 'z'] });
    expect(() => after.fit(table).toRawScale([1, 2, 3])).toThrow(/put interactions\(\) before/);
  });
});

describe('hashing', () => {
  test("is that of scikit-learn's FeatureHasher, whatever the script", () => {
    const { city, values } = cases.hashing;
    const names = city.filter((name) => name !== '');
    const cities = asTraining(
      parseCsv(`city\n${names.join('\n')}\n`, { schema: defineSchema({ city: category() }) }),
    );
    const made = prepare([hashing({ size: 8 })]).fit(cities);
    const { data } = made.apply(cities);
    names.forEach((_, i) => {
      expect([...data.slice(8 * i, 8 * i + 8)]).toEqual(values[i]);
    });
    // a label that training did not see has its place, too
    expect(made.applyRow({ city: 'Genf' }).data.filter((v) => v !== 0)).toHaveLength(1);
  });

  test('puts all labels into its columns, and leaves numbers alone', () => {
    const made = fitted([hashing({ size: 4, signed: false })], ['x', 'kind', 'size']);
    expect(made.names).toEqual(['x', 'hash0', 'hash1', 'hash2', 'hash3']);
    const { data } = made.apply(table);
    for (let i = 0; i < table.rows; i++) {
      expect(data.slice(5 * i + 1, 5 * i + 5).reduce((a, b) => a + b)).toBe(2);
    }
    expect(() => prepare([hashing({ columns: ['x'] })], { features: ['x'] }).fit(table)).toThrow(
      /no label column "x"/,
    );
  });
});

describe('random Fourier features', () => {
  test('have the products of the Gaussian kernel', () => {
    const gamma = 0.3;
    const count = 4000;
    const steps = [standardize(), randomFourier({ count, gamma, seed: 4 })];
    const { data } = prepare(steps, { features: ['x', 'z'] })
      .fit(table)
      .apply(table);
    const scaled = prepare([standardize()], { features: ['x', 'z'] })
      .fit(table)
      .apply(table).data;
    for (let i = 0; i < 10; i++) {
      for (let k = 0; k <= i; k++) {
        let product = 0;
        for (let j = 0; j < count; j++) product += data[i * count + j] * data[k * count + j];
        const distance =
          (scaled[2 * i] - scaled[2 * k]) ** 2 + (scaled[2 * i + 1] - scaled[2 * k + 1]) ** 2;
        // the deviation of a mean of 4000 products of cosines is at most 0.016
        expect(Math.abs(product - Math.exp(-gamma * distance))).toBeLessThan(0.07);
      }
    }
  });

  test('are the same for the same seed, from a file too', () => {
    const make = (seed: number) => fitted([randomFourier({ count: 5, seed })], ['x', 'z']);
    expect(make(1).apply(table).data).toEqual(make(1).apply(table).data);
    expect(make(1).apply(table).data).not.toEqual(make(2).apply(table).data);
    expect(make(1).names).toEqual(['fourier0', 'fourier1', 'fourier2', 'fourier3', 'fourier4']);
  });
});

test.each([
  ['splines', { columns: [{ name: 'x', natural: true, degree: 3, knots: [5, 2], ends: [0, 9] }] }],
  ['interactions', { terms: [[{ name: 1 }]] }],
  ['hashing', { size: 1, signed: true, columns: ['kind'] }],
  ['random-fourier', { columns: ['x'], frequencies: [[1, 2]], phases: [0] }],
])('a damaged file is refused by name: %s', (step, state) => {
  const saved = prepare([standardize()], { features: ['x'] })
    .fit(table)
    .toJSON();
  const damaged = { ...saved, steps: [{ step, state }] };
  expect(() => preparationFromJSON(damaged)).toThrow(new RegExp(step));
});
