// npm run bench engine: compiled training beside NumPy and hand-written loops, in reads of X.
import { spawnSync } from 'node:child_process';
import {
  add,
  crossEntropy,
  FlatMatrix,
  logisticLoss,
  matmul,
  relu,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { compile, compiled, pin, SparseMatrix } from '@steepest/compile';
import { threads } from '@steepest/compile/threads';
import { featuresOf, minibatches } from '@steepest/datasets';
import { fit, logisticRegression } from '@steepest/models';
import { adam, minimize, momentum, type Stepper, sgd, train } from '@steepest/optim';
import { entries, labels, matrix } from './data.ts';
import { fusedLogistic } from './fused-logistic.ts';
import { measure, report } from './measure.ts';
import { reading } from './reading.ts';
import { stretches } from './stretches.ts';

const loss = (w: Value, X: Value, y: Value) => logisticLoss(matmul(X, w), y);

function fullBatch(rows: number, columns: number): void {
  const [X, y, w] = [matrix(rows, columns), labels(rows), matrix(columns, 1)];
  pin([X, y]);
  const step = compile(valueAndGrad(loss));
  const pool = threads(2);
  const shared = compile(valueAndGrad(loss), { threads: pool });
  report(
    `Gradient of the mean logistic loss, ${rows}×${columns}`,
    measure([reading(X), { name: 'compiled', run: () => step(w, X, y) }]),
  );
  const [unpinned, whole] = [matrix(rows, columns), { streamBytes: Number.POSITIVE_INFINITY }];
  const copying = compile(valueAndGrad(loss), whole);
  report(
    'The same, data not pinned',
    measure([
      reading(X),
      { name: 'streamed', run: () => step(w, unpinned, y) },
      { name: 'copied as a whole', run: () => copying(w, unpinned, y) },
    ]),
  );
  // Longer rounds: a thread that slept needs a while to find a processor of its own.
  report(
    `The same on two threads`,
    measure(
      [
        reading(X),
        { name: 'pinned', run: () => shared(w, X, y) },
        { name: 'not pinned', run: () => shared(w, unpinned, y) },
      ],
      { rounds: 7, roundSeconds: 0.25 },
    ),
  );
  numpy(rows, columns, 1);
  numpy(rows, columns, 2);
}

function small(rows: number, columns: number): void {
  const [X, y, w] = [matrix(rows, columns), labels(rows), matrix(columns, 1)];
  const step = compile(valueAndGrad(loss));
  const plain = valueAndGrad(loss);
  report(
    `Gradient of the mean logistic loss, ${rows}×${columns}, data copied at every call`,
    measure([
      { name: 'hand-fused loop', run: () => fusedLogistic(X.data, y.data, w.data, rows, columns) },
      { name: 'compiled', run: () => step(w, X, y) },
      { name: 'eager', run: () => plain(w, X, y) },
    ]),
  );
  numpy(rows, columns, 1);
}

function linearInRows(): void {
  console.log('\nOne gradient as rows grow, 16 columns');
  for (const rows of [1e3, 1e4, 1e5, 1e6, 1e7]) {
    const [X, y, w] = [matrix(rows, 16), labels(rows), matrix(16, 1)];
    pin([X, y]);
    const step = compile(valueAndGrad(loss));
    const [{ best }] = measure([{ name: 'rows', run: () => step(w, X, y) }], { rounds: 7 });
    console.log(`  ${rows} rows: ${((best * 1e9) / rows).toFixed(2)} ns per row (best)`);
  }
}

function linearInNonZeros(): void {
  console.log('\nOne gradient of sparse data as non-zeros grow, 100 000 columns, 100 in a row');
  const columns = 100_000;
  for (const rows of [100, 1000, 10_000, 100_000]) {
    const count = rows * 100;
    const places = entries(count, columns).map((e) => Math.floor(e + columns / 2));
    for (let i = 0; i < rows; i++) places.subarray(i * 100, (i + 1) * 100).sort();
    const starts = Int32Array.from({ length: rows + 1 }, (_, i) => 100 * i);
    const X = new SparseMatrix(rows, columns, entries(count), Int32Array.from(places), starts);
    const [y, w] = [labels(rows), matrix(columns, 1)];
    pin([X, y]);
    const step = compile(valueAndGrad(loss));
    const run = () => step(w, X as unknown as Value, y);
    const [{ best }] = measure([{ name: 'sparse', run }], { rounds: 7 });
    console.log(
      `  ${count} non-zeros: ${((best * 1e9) / count).toFixed(2)} ns per non-zero (best)`,
    );
  }
}

const ofBatch = (w: Value, batch: { x: Value; y: Value }) =>
  logisticLoss(matmul(batch.x, w), batch.y);

/** An epoch of minibatches: by the engine's own call, and as users call it, on data never seen. */
async function minibatchSteps(): Promise<void> {
  const n = 100_000;
  const steps = n / 32;
  const data = { x: matrix(n, 32), y: labels(n) };
  const inOrder = Int32Array.from({ length: n }, (_, i) => i);
  const shuffled = inOrder.map((i) => (i * 7919) % n);
  const of = <S>(optimizer: Stepper<S>, order: Int32Array) =>
    stretches({
      loss: ofBatch,
      params: matrix(32, 1),
      data,
      rows: n,
      batchRows: 32,
      order,
      optimizer,
    });
  report(
    `An epoch of ${steps} steps by the engine's own call, batch 32×32 gathered from ${n} rows`,
    measure([
      { name: 'momentum, shuffled', run: of(momentum({ rate: 1e-3 }), shuffled) },
      { name: 'momentum, in order', run: of(momentum({ rate: 1e-3 }), inOrder) },
      { name: 'sgd, shuffled', run: of(sgd({ rate: 1e-3 }), shuffled) },
      { name: 'adam, shuffled', run: of(adam(), shuffled) },
    ]),
  );
  console.log(`\nThe same by train and fit, on fresh data: µs a step in all`);
  const fresh = () => ({ x: matrix(n, 32), y: labels(n) });
  const optimizer = momentum({ rate: 1e-3 });
  const trained = (epochs: number, shuffle: boolean) => async () => {
    const { x, y } = fresh();
    const names = Array.from({ length: 32 }, (_, j) => `x${j}`);
    const examples = featuresOf({ data: x.data, names, rows: n, y: y.data });
    const made = minibatches(examples, { size: 32, shuffle });
    const params = matrix(32, 1);
    return () =>
      train({
        loss: ofBatch as never,
        params,
        data: made as never,
        optimizer,
        epochs,
        engine: compiled(),
      });
  };
  const fitted = (epochs: number) => async () => {
    const examples = fresh();
    return () => fit(logisticRegression(), examples, { optimizer, batchSize: 32, epochs });
  };
  for (const [name, prepare, epochs] of [
    ['train, one epoch', trained(1, true), 1],
    ['train, 20 epochs', trained(20, true), 20],
    ['train, 20 epochs in order', trained(20, false), 20],
    ['fit, one epoch', fitted(1), 1],
    ['fit, 20 epochs', fitted(20), 20],
  ] as const) {
    const seconds = await medianOf(prepare);
    const micro = ((seconds * 1e6) / (steps * epochs)).toFixed(2);
    console.log(`  ${name.padEnd(26)} ${micro} µs a step, ${(seconds * 1e3).toFixed(1)} ms`);
  }
}

/** The median seconds of calls that are each prepared afresh. */
async function medianOf(
  prepare: () => Promise<() => Promise<unknown>>,
  rounds = 5,
): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const run = await prepare();
    const started = performance.now();
    await run();
    seconds.push((performance.now() - started) / 1000);
  }
  return seconds.sort((a, b) => a - b)[rounds >> 1];
}

/** Full-batch work as users call it, on fresh data, everything around it included. */
async function fullBatchCalls(): Promise<void> {
  const [rows, columns] = [200_000, 64];
  console.log(`\nFull batch, ${rows}×${columns}, as users call it: ms in all`);
  const fresh = () => ({ x: matrix(rows, columns), y: labels(rows) });
  const params = new FlatMatrix(columns, 1);
  const calls = {
    'minimize, 20 steps of L-BFGS': async () => {
      const data = fresh();
      return () =>
        minimize((w: Value) => ofBatch(w, data), params, { maxSteps: 20, engine: compiled() });
    },
    'train, 100 steps of momentum': async () => {
      const data = fresh();
      const optimizer = momentum({ rate: 0.1 });
      return () =>
        train({ loss: ofBatch, params, data, optimizer, epochs: 100, engine: compiled() });
    },
    'train, 100 steps, 2 threads': async () => {
      const data = fresh();
      const optimizer = momentum({ rate: 0.1 });
      const engine = compiled({ threads: threads(2) });
      return () => train({ loss: ofBatch, params, data, optimizer, epochs: 100, engine });
    },
  };
  for (const [name, prepare] of Object.entries(calls)) {
    console.log(`  ${name.padEnd(30)} ${((await medianOf(prepare, 3)) * 1e3).toFixed(0)} ms`);
  }
}

function network(): void {
  const X = matrix(128, 784);
  const single = {
    data: Float32Array.from(X.data),
    shape: [128, 784],
    stride: [784, 1],
    offset: 0,
  };
  const classes = Int32Array.from({ length: 128 }, (_, i) => i % 10);
  const data = { X, classes };
  const params = {
    W1: matrix(784, 128),
    b1: matrix(1, 128),
    W2: matrix(128, 10),
    b2: matrix(1, 10),
  };
  const layers = (p: typeof params, batch: typeof data) =>
    crossEntropy(
      add(matmul(relu(add(matmul(batch.X, p.W1), p.b1)), p.W2), p.b2),
      batch.classes,
    ) as Value;
  const gradient = valueAndGrad(layers as never) as (p: typeof params, b: typeof data) => unknown;
  const once = compile(gradient);
  const step = (given: object, options: object) =>
    stretches(
      {
        loss: layers,
        params,
        data: given,
        rows: 128,
        batchRows: 128,
        order: Int32Array.from({ length: 128 }, (_, i) => i),
        optimizer: sgd({ rate: 1e-3 }),
      },
      options,
    );
  const two = { threads: threads(2) };
  report(
    'A network 784–128–10, batch 128: gradient, and step of SGD',
    measure([
      { name: 'compiled gradient', run: () => once(params, data) },
      { name: 'step', run: step(data, {}) },
      { name: 'step, 2 threads', run: step(data, two) },
      { name: 'step, float32 features', run: step({ X: single, classes }, {}) },
      { name: 'step, float32, 2 threads', run: step({ X: single, classes }, two) },
      { name: 'eager gradient', run: () => gradient(params, data) },
    ]),
  );
}

const script = `
import json, sys, time
import numpy as np
n, d = int(sys.argv[1]), int(sys.argv[2])
X = np.random.rand(n, d) - 0.5
y = (np.random.rand(n) > 0.5).astype(float)
w = np.random.rand(d) - 0.5
def step():
    t = X @ w
    e = np.exp(-np.abs(t))
    value = (np.maximum(t, 0) + np.log1p(e) - y * t).mean()
    r = (np.where(t > 0, 1.0, e) / (1 + e) - y) / n
    return value, X.T @ r
def median(f):
    f(); times = []
    repeats = max(1, int(2e6 / (n * d)))
    for _ in range(15):
        t = time.perf_counter()
        for _ in range(repeats): f()
        times.append((time.perf_counter() - t) / repeats)
    return sorted(times)[7], min(times)
print(json.dumps(median(step)))
`;

/** The same by hand in NumPy, where python3 has it; in a process of its own. */
function numpy(rows: number, columns: number, count: number): void {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = process.env;
  const env = { ...rest, OPENBLAS_NUM_THREADS: String(count) };
  const options = { env, encoding: 'utf8' } as const;
  const args = ['-c', script, String(rows), String(columns)];
  const { status, stdout } = spawnSync('python3', args, options);
  if (status !== 0) return;
  const [median, best] = JSON.parse(stdout) as [number, number];
  const micro = (seconds: number) => `${(seconds * 1e6).toFixed(2)} µs`;
  console.log(`  NumPy by hand, ${count} thread(s): ${micro(median)}  (best ${micro(best)})`);
}

small(100, 10);
small(1000, 10);
fullBatch(5000, 64);
fullBatch(200_000, 64);
linearInRows();
linearInNonZeros();
await minibatchSteps();
await fullBatchCalls();
network();
