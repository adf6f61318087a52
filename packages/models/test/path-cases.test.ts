import { readdirSync, readFileSync } from 'node:fs';
import { FlatMatrix } from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import {
  linearRegression,
  logisticRegression,
  type Problem,
  path,
  poissonRegression,
} from '../src/index.ts';
import { generated, type Recurrence } from './support/generated.ts';

interface Case {
  id: string;
  family: 'gaussian' | 'binomial' | 'poisson';
  csv?: string;
  generated?: Recurrence;
  target: string;
  features: string[] | string;
  positive?: string;
  preprocess: object | null;
  alpha: number;
  lambda_max: number | null;
  path: {
    lambda: number;
    intercept: number;
    nonzeros: number;
    coefficients: Record<string, number>;
    objective: number;
    deviance_explained: number;
  }[];
}

const folder = new URL('../../../test/cases/path/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(read(name)) as Case);

interface Data {
  names: string[];
  columns: Float64Array[];
  y: Float64Array;
}

function dataOf(found: Case): Data {
  if (found.generated !== undefined) return generated(found.generated, found.family);
  const [head, ...lines] = read(found.csv as string)
    .trim()
    .split('\n');
  const rows = lines.map((line) => line.split(','));
  const all = head.split(',').map((name) => name.replaceAll('"', ''));
  const column = (name: string) => rows.map((row) => row[all.indexOf(name)]);
  const names = found.features as string[];
  const y = column(found.target);
  const counted = (label: string) =>
    found.positive === undefined ? Number(label) : Number(label === found.positive);
  return {
    names,
    columns: names.map((name) => Float64Array.from(column(name), Number)),
    y: Float64Array.from(y, found.family === 'binomial' ? counted : Number),
  };
}

/** Minus the mean, over the deviation; a column of one value becomes 0. */
function standardized(column: Float64Array): { values: Float64Array; deviation: number } {
  const mean = column.reduce((sum, v) => sum + v, 0) / column.length;
  const deviation = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length);
  const constant = column.every((v) => v === column[0]);
  return { values: column.map((v) => (constant ? 0 : (v - mean) / deviation)), deviation };
}

function matrixOf(columns: readonly Float64Array[]): FlatMatrix {
  const x = new FlatMatrix(columns[0].length, columns.length);
  columns.forEach((column, j) => {
    column.forEach((v, i) => {
      x.data[i * columns.length + j] = v;
    });
  });
  return x;
}

const problems: Record<Case['family'], () => Problem> = {
  gaussian: linearRegression,
  binomial: logisticRegression,
  poisson: poissonRegression,
};

describe('every point of the reference paths', () => {
  test.each(cases.map((found) => [found.id, found] as const))(
    '%s',
    { timeout: 30_000 },
    async (_, found) => {
      const { names, columns, y } = dataOf(found);
      const scaled = columns.map(standardized);
      const whole = matrixOf(
        found.preprocess === null ? columns : scaled.map(({ values }) => values),
      );
      const lambdas = found.path.map(({ lambda }) => lambda);
      const data = { y: new FlatMatrix(y.length, 1, y), names };
      const options = { alpha: found.alpha, lambdas };
      const ready = await path(problems[found.family](), { ...data, x: whole }, options);
      if (found.lambda_max !== null) {
        expect(ready.largestLambda / found.lambda_max).toBeCloseTo(1, 12);
      }
      const raw =
        found.preprocess === null
          ? ready
          : await path(
              problems[found.family](),
              { ...data, x: matrixOf(columns) },
              { ...options, standardize: true },
            );
      found.path.forEach((wanted, k) => {
        const largest = Math.max(...Object.values(wanted.coefficients).map(Math.abs), 0);
        for (const got of [ready, raw]) {
          const point = got.points[k];
          expect(point.converged).toBe(true);
          expect(Math.abs(point.objective / wanted.objective - 1)).toBeLessThan(1e-12);
          expect(point.devianceExplained).toBeCloseTo(wanted.deviance_explained, 9);
          expect(point.df).toBe(wanted.nonzeros);
          names.forEach((name, j) => {
            const w = point.params.w.data[j];
            const coefficient = got === ready ? w : w * scaled[j].deviation;
            const expected = wanted.coefficients[name] ?? 0;
            if (expected === 0) expect(w).toBe(0);
            else expect(Math.abs(coefficient - expected)).toBeLessThan(1e-7 * largest);
          });
        }
        expect(ready.points[k].params.b).toBeCloseTo(wanted.intercept, 7);
      });
    },
  );
});
