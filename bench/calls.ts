// The peers' workloads as users write them: whole calls of `train` and `fit` on data they never saw,
// recording, compiling, shuffling, the first epoch and the report included.
import {
  add,
  crossEntropy,
  FlatMatrix,
  logisticLoss,
  matmul,
  relu,
  type Value,
} from '@steepest/autodiff';
import { compiled } from '@steepest/compile';
import { minibatches } from '@steepest/datasets';
import { fit, logisticRegression } from '@steepest/models';
import { momentum, sgd, train } from '@steepest/optim';
import ndarray from 'ndarray';
import { labels, matrix } from './data.ts';

/** One way to call; `run` resolves when it is done with so many steps. */
export interface Call {
  readonly name: string;
  /** Makes fresh data, which is not timed, and gives what is. */
  readonly prepare: () => () => Promise<unknown>;
  readonly steps: number;
}

const logistic = (w: Value, batch: { x: Value; y: Value }) =>
  logisticLoss(matmul(batch.x, w), batch.y);
const view = (m: FlatMatrix) => ndarray(m.data, [m.rows, m.columns]);

/** Whole-batch steps on 200 000 × 64. */
export const wholeBatch: readonly Call[] = [
  {
    name: 'train, 20 steps',
    steps: 20,
    prepare: () => {
      const data = { x: matrix(200_000, 64), y: labels(200_000) };
      const [optimizer, engine] = [momentum({ rate: 0.1 }), compiled()];
      const params = new FlatMatrix(64, 1);
      return async () => train({ loss: logistic, params, data, optimizer, epochs: 20, engine });
    },
  },
];

/** An epoch of minibatches of 32 rows of 32, gathered from 100 000 in a fresh order. */
export const minibatch: readonly Call[] = [
  {
    name: 'train, first epoch',
    steps: 3125,
    prepare: () => {
      const source = { x: view(matrix(100_000, 32)), y: view(labels(100_000)) };
      const data = minibatches(source, { size: 32 });
      const optimizer = momentum({ rate: 0.1 });
      const params = new FlatMatrix(32, 1);
      return async () =>
        train({ loss: logistic as never, params, data, optimizer, epochs: 1, engine: compiled() });
    },
  },
  {
    name: 'fit, first epoch',
    steps: 3125,
    prepare: () => {
      const examples = { x: matrix(100_000, 32), y: labels(100_000) };
      const optimizer = momentum({ rate: 0.1 });
      return () => fit(logisticRegression(), examples, { optimizer, batchSize: 32, epochs: 1 });
    },
  },
];

interface Network<T> {
  readonly W1: T;
  readonly b1: T;
  readonly W2: T;
  readonly b2: T;
}

export const networkStart = (): Network<FlatMatrix> => ({
  W1: matrix(784, 128, 0.1),
  b1: matrix(1, 128),
  W2: matrix(128, 10, 0.1),
  b2: matrix(1, 10),
});

export const networkLoss = (
  p: Network<Value>,
  { X, classes }: { X: Value; classes: Int32Array },
): Value => crossEntropy(add(matmul(relu(add(matmul(X, p.W1), p.b1)), p.W2), p.b2), classes);

/** Steps of SGD on one batch of 128. */
export const network: readonly Call[] = [
  {
    name: 'train, 50 steps',
    steps: 50,
    prepare: () => {
      const classes = Int32Array.from({ length: 128 }, (_, i) => i % 10);
      const data = { X: matrix(128, 784), classes };
      const [params, optimizer, engine] = [networkStart(), sgd({ rate: 0.01 }), compiled()];
      return async () =>
        train({ loss: networkLoss as never, params, data, optimizer, epochs: 50, engine } as never);
    },
  },
];

/** A whole fit by the exact way: no optimizer named, until it is sure. */
export const solve: readonly Call[] = [
  {
    name: 'fit',
    steps: 1,
    prepare: () => {
      const examples = { x: matrix(200_000, 64), y: labels(200_000) };
      return () => fit(logisticRegression({ l2: 1e-3 }), examples);
    },
  },
];

/** The median seconds of a step over `rounds` calls. */
export async function timeCall({ prepare, steps }: Call, rounds = 5): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const run = prepare();
    const started = performance.now();
    await run();
    seconds.push((performance.now() - started) / 1000 / steps);
  }
  return seconds.sort((a, b) => a - b)[rounds >> 1];
}
