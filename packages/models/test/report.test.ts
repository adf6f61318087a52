import { FlatMatrix } from '@steepest/autodiff';
import {
  asTraining,
  describe as describeTable,
  parseCsv,
  select,
  split,
  type Table,
} from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { gradientDescent } from '@steepest/optim';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  evaluate,
  type Fitted,
  fit,
  linearRegression,
  logisticRegression,
  precisionRecallCurve,
  rocCurve,
  softmaxRegression,
} from '../src/index.ts';
import { measureIntervals, summary } from '../src/inference.ts';
import { reportOf } from '../src/report.ts';

/** The numbers of a report by their names, as a reader of the file finds them. */
function numbersIn(html: string): ReadonlyMap<string, number> {
  const { document } = parseHTML(html);
  return new Map(
    Array.from(document.querySelectorAll('data.n'), (one: Element) => [
      one.getAttribute('data-name') ?? '',
      Number(one.getAttribute('value')),
    ]),
  );
}

interface Element {
  getAttribute(name: string): string | null;
}

const features = ['mean_radius', 'mean_texture', 'mean_smoothness'] as const;
const shares = { train: 0.75, test: 0.25, seed: 1, stratify: 'target' } as const;

describe('a report on classes', () => {
  let train: Table;
  let judged: Table;
  let fitted: Fitted;
  let html: string;
  let found: ReadonlyMap<string, number>;
  beforeAll(async () => {
    const parts = split(await bundled('breast_cancer').read(), shares);
    [train, judged] = [parts.train, parts.test];
    fitted = await fit(logisticRegression(), parts.train, { features });
    html = reportOf(fitted, { table: train, test: judged, title: 'A <title> & more' });
    found = numbersIn(html);
  });

  test('holds the metrics of evaluate and their intervals', () => {
    const metrics = evaluate(fitted, judged);
    expect(found.get('metrics.accuracy')).toBe(metrics.accuracy);
    expect(found.get('metrics.logLoss')).toBe(metrics.logLoss);
    expect(found.get('confusion.0.1')).toBe(metrics.confusion?.counts[0][1]);
    const column = judged.columns.get('target');
    const y = Float64Array.from({ length: judged.rows }, (_, i) =>
      Number(column?.type === 'category' ? column.levels[column.codes[i]] : NaN),
    );
    const p = fitted.predict(judged);
    const intervals = measureIntervals(fitted.problem, p, new FlatMatrix(y.length, 1, y));
    expect(Object.keys(intervals).length).toBeGreaterThan(3);
    for (const [name, { low, high }] of Object.entries(intervals)) {
      expect(found.get(`metrics.${name}.low`)).toBe(low);
      expect(found.get(`metrics.${name}.high`)).toBe(high);
    }
    expect(found.get('roc.area')).toBe(rocCurve(p.data, y).area);
    expect(found.get('pr.averagePrecision')).toBe(precisionRecallCurve(p.data, y).averagePrecision);
  });

  test('holds the figures of summary, describe and the certificate', () => {
    const { estimates } = summary(fitted, train);
    for (const { name, estimate, standardError, pValue, interval } of estimates) {
      expect(found.get(`coefficients.${name}`)).toBe(estimate);
      expect(found.get(`coefficients.${name}.standardError`)).toBe(standardError);
      expect(found.get(`coefficients.${name}.pValue`)).toBe(pValue);
      expect(found.get(`coefficients.${name}.high`)).toBe(interval[1]);
    }
    for (const { name, mean } of describeTable(select(train, [...features, 'target'])).columns) {
      if (mean !== undefined) expect(found.get(`columns.${name}.mean`)).toBe(mean);
    }
    expect(found.get('certificate.objective')).toBe(fitted.certificate.objective);
  });

  test('runs no script, asks nothing of the network, says each picture in words', () => {
    expect(html).not.toMatch(/<script|<link|<img|url\(|@import|\son\w+=/);
    // An SVG's name space is a name, not an address to go to.
    expect(html.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:/);
    expect(html).toContain('A &lt;title&gt; &amp; more');
    const pictures = html.match(/<figure>/g) ?? [];
    expect(html.match(/role="img" aria-label="[^"]+"/g)).toHaveLength(pictures.length);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html.length).toBeLessThan(500_000);
  });
});

test('a penalized model has coefficients without errors, and the report says why', async () => {
  const table = asTraining(await bundled('breast_cancer').read());
  const problem = logisticRegression({ l2: 0.1 });
  const fitted = await fit(problem, table, {
    features,
    optimizer: gradientDescent({ rate: 0.1 }),
    epochs: 30,
  });
  const html = reportOf(fitted, { table });
  expect(html).toContain('Without standard errors');
  expect(html).toContain('The model has seen these rows');
  expect(html).toContain('Gradient norm by step');
  expect(numbersIn(html).get('training.steps')).toBe(fitted.report?.steps);
  const [{ names, values }] = fitted.coefficients;
  expect(numbersIn(html).get(`coefficients.${names[0]}`)).toBe(values[0]);
});

test('several classes have a matrix and no curves; without rows there is what the model knows', async () => {
  const table = asTraining(await bundled('iris').read());
  const fitted = await fit(softmaxRegression({ l2: 0.01 }), table);
  const found = numbersIn(reportOf(fitted, { test: table }));
  expect(found.get('metrics.accuracy')).toBe(fitted.metrics.accuracy);
  expect(found.has('roc.area')).toBe(false);
  expect(numbersIn(reportOf(fitted)).get('metrics.accuracy')).toBe(fitted.metrics.accuracy);
});

test('many rows are counted in cells, so that the file stays under 500 kB', {
  timeout: 60_000,
}, async () => {
  const n = 60_000;
  const x = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const y = x.map((value, i) => value + Math.cos(7 * i));
  const few = parseCsv('x,y\n1,2\n2,1\n');
  const columns = new Map(
    Object.entries({ x, y }).map(([name, values]) => [name, { type: 'number', values } as const]),
  );
  const table = asTraining({ ...few, rows: n, columns });
  const fitted = await fit(linearRegression(), table, { target: 'y' });
  expect(reportOf(fitted, { table }).length).toBeLessThan(500_000);
});
