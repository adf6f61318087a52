import { readFileSync } from 'node:fs';
import {
  add,
  FlatMatrix,
  matmul,
  mean,
  mul,
  type Operand,
  softplus,
  square,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import { readCase } from './reference.ts';

/** A deterministic problem whose least value is known. */
export interface Problem<P, X> {
  readonly loss: (params: P) => Operand;
  readonly params: X;
  readonly minimum: number;
}

type Plane = { x: Value; y: Value };
type Model = { w: Value; b: Value };

/** f = ½(x − 1)² + 5(y + 2)²: eigenvalues 1 and 10. */
export const quadratic: Problem<Plane, { x: number; y: number }> = {
  loss: ({ x, y }) => add(mul(0.5, square(sub(x, 1))), mul(5, square(add(y, 2)))),
  params: { x: -3, y: 3 },
  minimum: 0,
};

/** Rosenbrock's valley, from its standard start. */
export const rosenbrock: Problem<Plane, { x: number; y: number }> = {
  loss: ({ x, y }) => add(square(sub(1, x)), mul(100, square(sub(y, square(x))))),
  params: { x: -1.2, y: 1 },
  minimum: 0,
};

interface LogisticCase {
  readonly lambda: number;
  readonly optimum: {
    readonly intercept: number;
    readonly coefficients: readonly number[];
    readonly objective: number;
  };
}

const logisticCase = readCase<LogisticCase>(
  '../../../../../test/cases/classic/logistic-l2-bc-1e-2.json',
);
export const logisticOptimum: LogisticCase['optimum'] = logisticCase.optimum;

/** The breast cancer data, standardized: x is 569×30, y is 569×1. */
export const breastCancer: { x: FlatMatrix; y: FlatMatrix } = (() => {
  const url = new URL('../../../datasets/data/breast_cancer.csv', import.meta.url);
  const [header, ...lines] = readFileSync(url, 'utf8').trim().split('\n');
  const target = header.split(',').indexOf('target');
  const cells = lines.map((line) => line.split(',').map(Number));
  const y = new FlatMatrix(
    cells.length,
    1,
    cells.map((row) => row[target]),
  );
  const x = new FlatMatrix(cells.length, 30);
  for (let j = 0, from = 0; j < 30; j++, from++) {
    if (from === target) from++;
    const column = cells.map((row) => row[from]);
    const center = column.reduce((a, b) => a + b, 0) / column.length;
    const variance = column.reduce((a, b) => a + (b - center) ** 2, 0) / column.length;
    column.forEach((value, i) => {
      x.data[i * 30 + j] = (value - center) / Math.sqrt(variance);
    });
  }
  return { x, y };
})();

/** mean(log(1 + eᵗ) − y t) + ½λ‖w‖², t = Xw + b. */
export function logisticLoss({ w, b }: Model, { x, y }: { x: Operand; y: Operand }): Value {
  const t = add(matmul(x, w), b);
  const penalty = mul(logisticCase.lambda / 2, sum(square(w)));
  return add(mean(sub(softplus(t), mul(y, t))), penalty);
}

export const logistic: Problem<Model, { w: FlatMatrix; b: number }> = {
  loss: (params) => logisticLoss(params, breastCancer),
  params: { w: new FlatMatrix(30, 1), b: 0 },
  minimum: logisticCase.optimum.objective,
};
