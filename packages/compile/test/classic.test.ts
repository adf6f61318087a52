import { readFileSync } from 'node:fs';
import {
  add,
  crossEntropy,
  FlatMatrix,
  logisticLoss,
  mapTree,
  matmul,
  mul,
  poissonLoss,
  square,
  squaredError,
  sum,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.ts';

interface Case {
  readonly csv: string;
  readonly target: string;
  readonly features: readonly string[];
  readonly optimum: Record<string, never>;
}
interface Parameters {
  readonly W: FlatMatrix;
  readonly b: FlatMatrix;
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

function load(name: string) {
  const problem = JSON.parse(read(`../../../test/cases/classic/${name}.json`)) as Case;
  const [head, ...lines] = read(`../../datasets/data/${problem.csv}`).trim().split('\n');
  const names = head.split(',');
  const rows = lines.map((line) => line.split(','));
  const texts = rows.map((row) => row[names.indexOf(problem.target)]);
  const columns = problem.features.map((feature) => {
    const entries = rows.map((row) => Number(row[names.indexOf(feature)]));
    const mean = entries.reduce((a, b) => a + b, 0) / entries.length;
    const spread = Math.sqrt(entries.reduce((a, b) => a + (b - mean) ** 2, 0) / entries.length);
    return entries.map((entry) => (entry - mean) / spread);
  });
  const n = rows.length;
  const X = new FlatMatrix(
    n,
    columns.length,
    rows.flatMap((_, i) => columns.map((c) => c[i])),
  );
  return { problem, X, texts, n };
}

type Step = (p: Parameters) => { value: number; gradient: Parameters };

/** Nesterov's accelerated gradient method (1983), restarted when the value rises. */
function minimized(step: Step, start: Parameters, rate: number, steps: number): Parameters {
  let at = start;
  let ahead = start;
  let last = Number.POSITIVE_INFINITY;
  for (let k = 0, since = 0; k < steps; k++, since++) {
    const { value, gradient } = step(ahead);
    if (value > last) since = 0;
    last = value;
    const next = combined(ahead, gradient, -rate);
    const momentum = since / (since + 3);
    ahead = combined(next, combined(next, at, -1), momentum);
    at = next;
  }
  return at;
}

function combined(a: Parameters, b: Parameters, factor: number): Parameters {
  return mapTree(
    (x: FlatMatrix, y: FlatMatrix) =>
      new FlatMatrix(
        x.rows,
        x.columns,
        x.data.map((e, i) => e + factor * y.data[i]),
      ),
    a,
    b,
  );
}

function expectOptimum(found: FlatMatrix, expected: readonly number[], tolerance: number): void {
  expect(found.data.length).toBe(expected.length);
  found.data.forEach((entry, i) => {
    expect(Math.abs(entry - expected[i])).toBeLessThan(tolerance);
  });
}

const zeros = (rows: number, columns: number) => ({
  W: new FlatMatrix(rows, columns),
  b: new FlatMatrix(1, columns),
});
const penalty = (W: Value, factor: number) => mul(factor / 2, sum(square(W)));

describe('classic problems reach their known optimum through compiled gradients', () => {
  test('ridge regression', () => {
    const { problem, X, texts, n } = load('ridge-diabetes-10');
    const y = new FlatMatrix(n, 1, texts.map(Number));
    const loss = ({ W, b }: Parameters, x: Value) =>
      add(mul(0.5, squaredError(add(matmul(x, W), b), y)), penalty(W, 10));
    const step = compile(valueAndGrad(loss));
    const { W, b } = minimized((p) => step(p, X) as never, zeros(10, 1), 0.06, 1000);
    expectOptimum(W, problem.optimum.coefficients, 1e-6);
    expectOptimum(b, [problem.optimum.intercept], 1e-6);
  });

  test('logistic regression', () => {
    const { problem, X, texts, n } = load('logistic-l2-bc-1e-2');
    const y = new FlatMatrix(n, 1, texts.map(Number));
    const loss = ({ W, b }: Parameters, x: Value, t: Value) =>
      add(logisticLoss(add(matmul(x, W), b), t), penalty(W, 0.01));
    const step = compile(valueAndGrad(loss));
    const { W, b } = minimized((p) => step(p, X, y) as never, zeros(30, 1), 0.25, 3000);
    expectOptimum(W, problem.optimum.coefficients, 1e-8);
    expectOptimum(b, [problem.optimum.intercept], 1e-8);
  });

  test('softmax regression', () => {
    const { problem, X, texts } = load('softmax-iris-1e-3');
    const kinds = ['setosa', 'versicolor', 'virginica'];
    const classes = Int32Array.from(texts, (text) => kinds.indexOf(text.trim()));
    const loss = ({ W, b }: Parameters, x: Value, k: Int32Array) =>
      add(crossEntropy(add(matmul(x, W), b), k), penalty(W, 0.001));
    const step = compile(valueAndGrad(loss));
    const { W } = minimized((p) => step(p, X, classes) as never, zeros(4, 3), 0.5, 6000);
    const expected = problem.optimum.coefficients as number[][];
    expectOptimum(
      W,
      [0, 1, 2, 3].flatMap((j) => expected.map((row) => row[j])),
      1e-5,
    );
  });

  test('Poisson regression on groups: the optimum is the logarithm of each mean', () => {
    const counts = [
      [3, 5, 1, 0, 4, 2],
      [9, 12, 7, 10],
      [1, 0, 0, 2, 0],
    ];
    const rows = counts.flatMap((group, g) => group.map((count) => ({ g, count })));
    // A column that says whether the row is in group 1, and one for group 2.
    const X = new FlatMatrix(
      rows.length,
      2,
      rows.flatMap(({ g }) => [g === 1 ? 1 : 0, g === 2 ? 1 : 0]),
    );
    const y = new FlatMatrix(
      rows.length,
      1,
      rows.map(({ count }) => count),
    );
    const loss = ({ W, b }: Parameters, x: Value, t: Value) => poissonLoss(add(matmul(x, W), b), t);
    const step = compile(valueAndGrad(loss));
    const { W, b } = minimized((p) => step(p, X, y) as never, zeros(2, 1), 0.1, 6000);
    const [first, ...others] = counts.map((group) =>
      Math.log(group.reduce((a, e) => a + e, 0) / group.length),
    );
    const expected = [first, ...others.map((mean) => mean - first)];
    expectOptimum(new FlatMatrix(1, 3, [...b.data, ...W.data]), expected, 1e-6);
  });
});
