import {
  add,
  crossEntropy,
  FlatMatrix,
  gather,
  item,
  logisticLoss,
  matmul,
  tanh,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import { compileTraining, pin, updates } from '../src/index.ts';
import { expectClose, randomMatrix } from './agreement.ts';

const n = 203;
const X = randomMatrix(n, 5, 1);
const y = new FlatMatrix(
  n,
  1,
  randomMatrix(n, 1, 2).data.map((e) => (e > 0 ? 1 : 0)),
);
const classes = Int32Array.from({ length: n }, (_, i) => (i * 5) % 3);
const order = Int32Array.from({ length: n }, (_, i) => (i * 29) % n);

interface Params {
  readonly w: Value;
  readonly b: Value;
}
interface Batch {
  readonly X: Value;
  readonly y: Value;
}
const logistic = (p: Params, batch: Batch) => logisticLoss(add(matmul(batch.X, p.w), p.b), batch.y);
const start = { w: randomMatrix(5, 1, 3), b: 0.25 };

/** The loop as anyone would write it, with the update's own rule. */
function plainLoop(update: ReturnType<typeof updates.sgd>, batchRows: number, epochs: number) {
  const step = valueAndGrad(logistic);
  let params: Params = start as never;
  let state = update.init(params);
  const losses: number[] = [];
  for (let epoch = 0, k = 0; epoch < epochs; epoch++) {
    for (let at = 0; at < n; at += batchRows) {
      const rows = order.subarray(at, at + batchRows);
      const { value, gradient } = step(params, { X: gather(X, rows), y: gather(y, rows) });
      losses.push(value);
      const moved = update.step(gradient, state, params, update.rate(k++) as unknown as Value);
      [params, state] = moved as [Params, typeof state];
    }
  }
  return { params: { w: params.w, b: item(params.b) }, losses };
}

describe('compiled training takes the steps of the plain loop', () => {
  const rules = {
    sgd: updates.sgd({ rate: (k) => 0.5 / (1 + 0.1 * k) }),
    momentum: updates.momentum({ rate: 0.1 }),
    nesterov: updates.nesterov({ rate: 0.1, decay: 0.8 }),
    adam: updates.adam({ rate: 0.02 }),
  };
  test.each(Object.entries(rules))('%s', (_, rule) => {
    const update = rule as ReturnType<typeof updates.sgd>;
    for (const batchRows of [1, 32, n, 300]) {
      const training = compileTraining(logistic, { update, batchRows });
      let at = training.start(start);
      const losses: number[] = [];
      for (let epoch = 0; epoch < 3; epoch++) {
        const next = training.run(at, { X, y }, order);
        losses.push(...next.losses);
        at = next;
      }
      const expected = plainLoop(update, batchRows, 3);
      expect(at.step).toBe(losses.length);
      expectClose({ params: at.params, losses }, expected, 1, 1e-9);
      expect(typeof at.params.b).toBe('number');
    }
  });

  test('momentum follows its formula', () => {
    const training = compileTraining((w: Value) => tanh(w), {
      update: updates.momentum({ rate: 0.1, decay: 0.5 }),
      batchRows: 1,
    });
    const slope = (w: number) => 1 / Math.cosh(w) ** 2;
    let [w, v] = [0.3, 0];
    for (let k = 0; k < 5; k++) {
      v = 0.5 * v + slope(w);
      w -= 0.1 * v;
    }
    const done = training.run(training.start(0.3), { x: y }, order.subarray(0, 5));
    expect(done.params).toBeCloseTo(w, 14);
    expect(done.losses[0]).toBeCloseTo(Math.tanh(0.3), 14);
  });
});

test('class numbers are gathered with their rows; pinned data is read in place', () => {
  const loss = (W: Value, batch: { X: Value; classes: Int32Array }) =>
    crossEntropy(matmul(batch.X, W), batch.classes);
  const training = compileTraining(loss, { update: updates.sgd({ rate: 0.3 }), batchRows: 20 });
  const W = randomMatrix(5, 3, 4);
  const data = { X: pin(X), classes };
  const { params, losses } = training.run(training.start(W), data, order);
  let expected: Value = W;
  const means: number[] = [];
  for (let at = 0; at < n; at += 20) {
    const rows = order.subarray(at, at + 20);
    const batch = { X: gather(X, rows), classes: rows.map((row) => classes[row]) };
    const { value, gradient } = valueAndGrad(loss)(expected, batch);
    means.push(value);
    const g = gradient as FlatMatrix;
    const before = (expected as FlatMatrix).data;
    expected = new FlatMatrix(
      5,
      3,
      before.map((e, i) => e - 0.3 * g.data[i]),
    );
  }
  expectClose({ params, losses: [...losses] }, { params: expected, losses: means }, 1);
});

test('rows that are not there are refused', () => {
  const training = compileTraining(logistic, { update: updates.sgd({ rate: 1 }), batchRows: 2 });
  const run = () => training.run(training.start(start), { X, y }, Int32Array.of(0, n));
  expect(run).toThrow(`row number 1 is ${n}, but the data has ${n} rows`);
});
