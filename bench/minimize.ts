// `minimize` as a user calls it, beside SciPy's L-BFGS-B on a gradient in NumPy, in one run:
// Rosenbrock's valley in 1000 dimensions from (−1.2, 1, …) to a gradient of 1e-8.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { add, FlatMatrix, mul, slice, square, sub, sum, type Value } from '@steepest/autodiff';
import { compiled } from '@steepest/compile';
import { minimize } from '@steepest/optim';
import { peerEnvironment, pythonsWith } from './python.ts';

const size = 1000;
const rounds = 5;
const start = new FlatMatrix(
  size,
  1,
  Array.from({ length: size }, (_, i) => (i % 2 === 0 ? -1.2 : 1)),
);

const valley = (x: Value) => {
  const here = slice(x, [0, size - 1]);
  const next = slice(x, [1, size]);
  return sum(add(mul(100, square(sub(next, square(here)))), square(sub(1, here))));
};

interface Timed {
  readonly milliseconds: number;
  readonly evaluations: number;
}

const median = (times: readonly Timed[]): Timed =>
  [...times].sort((a, b) => a.milliseconds - b.milliseconds)[times.length >> 1];

async function ours(engine?: ReturnType<typeof compiled>): Promise<Timed> {
  const times: Timed[] = [];
  for (let k = 0; k < rounds; k++) {
    const begin = performance.now();
    const result = await minimize(valley, start, { engine });
    if (!result.converged) throw new Error(String(result));
    times.push({
      milliseconds: performance.now() - begin,
      evaluations: result.evaluations.gradients,
    });
  }
  return median(times);
}

function scipy(): Timed | undefined {
  const [python] = pythonsWith('scipy');
  if (python === undefined) return undefined;
  const script = fileURLToPath(new URL('./minimize/scipy_peer.py', import.meta.url));
  const run = spawnSync(python, [script, String(size), String(rounds)], {
    encoding: 'utf8',
    env: peerEnvironment(),
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return median(JSON.parse(run.stdout) as Timed[]);
}

const rows: [string, Timed | undefined][] = [
  ['minimize, interpreted', await ours()],
  ['minimize, engine: compiled()', await ours(compiled())],
  ['SciPy L-BFGS-B, gradient in NumPy', scipy()],
];
const peer = rows[2][1];
console.log(`Rosenbrock in ${size} dimensions, whole runs, median of ${rounds}`);
for (const [name, timed] of rows) {
  if (timed === undefined) {
    console.log(`  ${name.padEnd(36)} left out: no Python with it here`);
    continue;
  }
  const ratio =
    peer === undefined ? '' : `${(timed.milliseconds / peer.milliseconds).toFixed(2)} ×`;
  const { milliseconds, evaluations } = timed;
  console.log(
    `  ${name.padEnd(36)} ${milliseconds.toFixed(0).padStart(6)} ms  ${evaluations} evaluations  ${ratio}`,
  );
}
