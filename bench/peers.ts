// Three workloads of training, beside TensorFlow.js, jax-js and NumPy (PyTorch where it can be
// imported), in one run. The peers' own versions run in processes of their own, one after another.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  add,
  crossEntropy,
  type FlatMatrix,
  logisticLoss,
  matmul,
  relu,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { compile, compileTraining, pin, updates } from '@steepest/compile';
import { threads } from '@steepest/compile/threads';
import { labels, matrix } from './data.ts';
import { measure, type Timing } from './measure.ts';
import { reading } from './reading.ts';

const folder = fileURLToPath(new URL('./peers/', import.meta.url));

type Workload = 'full' | 'minibatch' | 'network';

interface Row {
  readonly workload: Workload;
  readonly library: string;
  readonly median?: number;
  /** Why it cannot do the workload. */
  readonly failed?: string;
}

const loss = (w: Value, X: Value, y: Value) => logisticLoss(matmul(X, w), y);

function ofOurs(workload: Workload, timings: readonly Timing[]): Row[] {
  return timings.map(({ name, median }) => ({ workload, library: name, median }));
}

function full(): Row[] {
  const [X, y, w] = [matrix(200_000, 64), labels(200_000), matrix(64, 1)];
  pin([X, y]);
  const one = compile(valueAndGrad(loss));
  const two = compile(valueAndGrad(loss), { threads: threads(2) });
  const rounds = { rounds: 9, roundSeconds: 0.2 };
  return ofOurs(
    'full',
    measure(
      [
        reading(X),
        { name: 'steepest, 1 thread', run: () => one(w, X, y) },
        { name: 'steepest, 2 threads', run: () => two(w, X, y) },
      ],
      rounds,
    ),
  );
}

function minibatch(): Row[] {
  const [n, size] = [100_000, 32];
  const data = pin({ X: matrix(n, 32), y: labels(n) });
  const order = Int32Array.from({ length: n }, (_, i) => (i * 7919) % n);
  const training = compileTraining(
    (w: Value, batch: { X: Value; y: Value }) => loss(w, batch.X, batch.y),
    { update: updates.momentum({ rate: 0.1 }), batchRows: size },
  );
  let at = training.start(matrix(32, 1));
  const epoch = {
    name: 'steepest, 1 thread',
    run: () => {
      at = training.run(at, data, order);
    },
  };
  return measure([epoch]).map(({ name, median }) => ({
    workload: 'minibatch' as const,
    library: name,
    median: median / (n / size),
  }));
}

interface Network<T> {
  readonly W1: T;
  readonly b1: T;
  readonly W2: T;
  readonly b2: T;
}

function network(): Row[] {
  const batch = {
    X: matrix(128, 784),
    classes: Int32Array.from({ length: 128 }, (_, i) => i % 10),
  };
  const start: Network<FlatMatrix> = {
    W1: matrix(784, 128, 0.1),
    b1: matrix(1, 128),
    W2: matrix(128, 10, 0.1),
    b2: matrix(1, 10),
  };
  const training = compileTraining(
    (p: Network<Value>, { X, classes }: { X: Value; classes: Int32Array }) =>
      crossEntropy(add(matmul(relu(add(matmul(X, p.W1), p.b1)), p.W2), p.b2), classes),
    { update: updates.sgd({ rate: 0.01 }), batchRows: 128 },
  );
  const order = Int32Array.from({ length: 128 }, (_, i) => i);
  let at = training.start(start);
  const step = {
    name: 'steepest, 1 thread',
    run: () => {
      at = training.run(at, batch, order);
    },
  };
  return ofOurs('network', measure([step]));
}

/** The lines of JSON that a peer prints; none where it cannot be run here. */
function peer(command: string, ...args: string[]): Row[] {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env;
  const { stdout, status, stderr } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) {
    const reason = stderr?.trim().split('\n').at(-1) ?? 'it cannot be started';
    console.log(`  ${command} ${args.join(' ')}: left out, ${reason}`);
  }
  const lines = (stdout ?? '').split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Row);
}

function install(): void {
  if (existsSync(new URL('./peers/node_modules', import.meta.url))) return;
  console.log('installing the peers (some 300 MB, once) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  spawnSync(npm, args, { cwd: folder, stdio: 'inherit' });
}

const titles: Readonly<Record<Workload, string>> = {
  full: 'Full-batch gradient of the mean logistic loss, 200 000 × 64',
  minibatch: 'One step of SGD with momentum, 32 × 32 rows gathered from 100 000',
  network: 'One step of SGD, network 784–128–10, batch 128',
};

install();
const rows = [
  ...full(),
  ...minibatch(),
  ...network(),
  ...peer('python3', 'numpy_peer.py'),
  ...peer(process.execPath, 'tfjs.mjs', 'wasm'),
  ...peer(process.execPath, 'tfjs.mjs', 'cpu'),
  ...peer(process.execPath, 'jax-js.mjs'),
];
for (const [workload, title] of Object.entries(titles)) {
  const these = rows.filter((row) => row.workload === workload);
  const unit = these[0].median ?? 1;
  console.log(`\n${title}`);
  for (const { library, median, failed } of these) {
    const figure =
      median === undefined
        ? `not offered: ${failed}`
        : `${(median * 1e6).toFixed(1).padStart(10)} µs  ${(median / unit).toFixed(2).padStart(8)} × ${these[0].library}`;
    console.log(`  ${library.padEnd(30)} ${figure}`);
  }
}
