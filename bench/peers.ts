// Four workloads beside NumPy, PyTorch, scikit-learn, TensorFlow.js and jax-js, in one run: what users
// call (`train`, `fit`), then the engine's own calls, then each peer at its best. The peers run in
// processes of their own, one after another.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { logisticLoss, matmul, type Value, valueAndGrad } from '@steepest/autodiff';
import { compile, pin } from '@steepest/compile';
import { threads } from '@steepest/compile/threads';
import { momentum, sgd } from '@steepest/optim';
import {
  type Call,
  minibatch as minibatchCalls,
  network as networkCalls,
  networkLoss,
  networkStart,
  solve as solveCalls,
  timeCall,
  wholeBatch as wholeBatchCalls,
} from './calls.ts';
import { labels, matrix } from './data.ts';
import { measure, type Timing } from './measure.ts';
import { peerEnvironment, pythonsWith } from './python.ts';
import { reading } from './reading.ts';
import { stretches } from './stretches.ts';

const folder = fileURLToPath(new URL('./peers/', import.meta.url));

type Workload = 'full' | 'minibatch' | 'network' | 'solve';

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
        { name: 'steepest, compiled, 1 thread', run: () => one(w, X, y) },
        { name: 'steepest, compiled, 2 threads', run: () => two(w, X, y) },
      ],
      rounds,
    ),
  );
}

function minibatch(): Row[] {
  const [n, size] = [100_000, 32];
  const data = pin({ X: matrix(n, 32), y: labels(n) });
  const order = Int32Array.from({ length: n }, (_, i) => (i * 7919) % n);
  const epoch = {
    name: "steepest, the engine's step",
    run: stretches({
      loss: (w: Value, batch: { X: Value; y: Value }) => loss(w, batch.X, batch.y),
      params: matrix(32, 1),
      data,
      rows: n,
      batchRows: size,
      order,
      optimizer: momentum({ rate: 0.1 }),
    }),
  };
  return measure([epoch]).map(({ name, median }) => ({
    workload: 'minibatch' as const,
    library: name,
    median: median / (n / size),
  }));
}

function network(): Row[] {
  const classes = Int32Array.from({ length: 128 }, (_, i) => i % 10);
  const batch = { X: matrix(128, 784), classes };
  const run = stretches({
    loss: networkLoss,
    params: networkStart(),
    data: batch,
    rows: 128,
    batchRows: 128,
    order: Int32Array.from({ length: 128 }, (_, i) => i),
    optimizer: sgd({ rate: 0.01 }),
  });
  const step = { name: "steepest, the engine's step", run };
  return ofOurs('network', measure([step]));
}

/** Whole calls, each on data of its own. */
async function called(workload: Workload, calls: readonly Call[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const call of calls) {
    rows.push({ workload, library: `steepest ${call.name}`, median: await timeCall(call) });
  }
  return rows;
}

/** The lines of JSON that a peer prints; none where it cannot be run here. */
function peer(command: string, ...args: string[]): Row[] {
  const { stdout, status, stderr } = spawnSync(command, args, {
    cwd: folder,
    env: peerEnvironment(),
    encoding: 'utf8',
  });
  const said = stderr?.trim().split('\n').at(-1);
  if (status !== 0) console.log(`  ${args.join(' ')}: left out, ${said ?? 'it cannot be started'}`);
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
  solve: 'Logistic regression with a penalty, 200 000 × 64, to the minimum',
};

install();
const rows = [
  ...full(),
  ...(await called('full', wholeBatchCalls)),
  ...minibatch(),
  ...(await called('minibatch', minibatchCalls)),
  ...network(),
  ...(await called('network', networkCalls)),
  ...(await called('solve', solveCalls)),
  ...pythonsWith('numpy').flatMap((python) => peer(python, 'python_peer.py')),
  ...peer(process.execPath, 'tfjs.mjs', 'wasm'),
  ...peer(process.execPath, 'tfjs.mjs', 'cpu'),
  ...peer(process.execPath, 'jax-js.mjs'),
];
for (const [workload, title] of Object.entries(titles)) {
  const these = rows.filter((row) => row.workload === workload);
  const unit = these[0].median ?? 1;
  const width = Math.max(...these.map(({ library }) => library.length));
  console.log(`\n${title}`);
  for (const { library, median, failed } of these) {
    const figure =
      median === undefined
        ? `not offered: ${failed}`
        : `${(median * 1e6).toFixed(1).padStart(10)} µs  ${(median / unit).toFixed(2).padStart(8)} × ${these[0].library}`;
    console.log(`  ${library.padEnd(width)} ${figure}`);
  }
}
