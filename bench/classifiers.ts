// Softmax on scikit-learn's digits, and logistic regression on a sparse text-like problem, each to an
// objective within 1e-8 of its minimum, certified, beside scikit-learn's solvers in the same run. Each
// of these has the loosest tolerance that gets as near.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  add,
  FlatMatrix,
  logisticLoss,
  matmul,
  mul,
  type Operand,
  square,
  sum,
  type Value,
} from '@steepest/autodiff';
import { compiled, SparseMatrix } from '@steepest/compile';
import { fit, softmaxRegression } from '@steepest/models';
import { lbfgs, newtonCg, train } from '@steepest/optim';
import { peerEnvironment, pythonsWith } from './python.ts';

const goal = 1e-8;
const rounds = 3;

/** What one solver took, and what it reached. */
type Tried = readonly (readonly [milliseconds: number, objective: number])[];

interface Ours {
  readonly name: string;
  readonly milliseconds: number;
  readonly objective: number;
  readonly note: string;
}

const script = fileURLToPath(new URL('./classifiers/sklearn_peer.py', import.meta.url));

function peers(python: string | undefined, ...args: string[]): Readonly<Record<string, Tried>> {
  if (python === undefined) return {};
  const run = spawnSync(python, [script, ...args], { encoding: 'utf8', env: peerEnvironment() });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout.trim() === '' ? {} : JSON.parse(run.stdout);
}

/** The fastest of some calls. */
async function best<T>(call: () => Promise<T>): Promise<readonly [milliseconds: number, T]> {
  let least = Infinity;
  let last: T | undefined;
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    last = await call();
    least = Math.min(least, performance.now() - began);
  }
  return [least, last as T];
}

function printed(title: string, ours: readonly Ours[], theirs: Readonly<Record<string, Tried>>) {
  const all = [
    ...ours.map((x) => x.objective),
    ...Object.values(theirs).flatMap((t) => t.map(([, f]) => f)),
  ];
  const least = Math.min(...all);
  console.log(`\n${title}, ms`);
  const line = (name: string, milliseconds: number, over: number, note: string) =>
    console.log(
      `  ${name.padEnd(26)}${milliseconds.toFixed(1).padStart(9)}   ${over.toExponential(0)} above  ${note}`,
    );
  for (const { name, milliseconds, objective, note } of ours) {
    line(name, milliseconds, objective - least, note);
  }
  for (const [name, tried] of Object.entries(theirs)) {
    const reached = tried.find(([, f]) => f - least <= goal);
    const [milliseconds, f] = reached ?? (tried.at(-1) as Tried[number]);
    line(`scikit-learn ${name}`, milliseconds, f - least, reached ? '' : 'not reached');
  }
}

async function digits(python: string | undefined): Promise<void> {
  if (python === undefined) {
    console.log('\nSoftmax on digits: left out, no Python with scikit-learn here');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-digits-'));
  const file = join(folder, 'digits.csv');
  peers(python, 'digits', file);
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const columns = header.split(',').length - 1;
  const cells = lines.flatMap((line) => line.split(',').map(Number));
  const x = new FlatMatrix(
    lines.length,
    columns,
    cells.filter((_, k) => k % (columns + 1) < columns),
  );
  const y = new FlatMatrix(
    lines.length,
    1,
    cells.filter((_, k) => k % (columns + 1) === columns),
  );
  for (const l2 of [1e-2, 1e-4]) {
    const [milliseconds, fitted] = await best(() => fit(softmaxRegression({ l2 }), { x, y }));
    const { objective, decrement, gap = NaN } = fitted.certificate;
    const about = `${decrement.toExponential(0)} by the Newton decrement`;
    const note = `${about}, at most ${gap.toExponential(0)}, proven`;
    const ours: Ours[] = [{ name: 'fit', milliseconds, objective, note }];
    const problem = softmaxRegression({
      l2,
      classes: 10,
    });
    for (const optimizer of [lbfgs(), newtonCg()]) {
      const [milliseconds, { value, gradientNorm, evaluations }] = await best(() =>
        train({
          loss: problem.loss as never,
          params: problem.init(columns) as never,
          data: { x, y } as never,
          optimizer,
          stop: { gradientNorm: Math.sqrt(2 * l2 * goal), steps: 10_000 },
          engine: compiled(),
        }),
      );
      const gap = (gradientNorm as number) ** 2 / (2 * l2);
      const note = `at most ${gap.toExponential(0)}, proven; ${evaluations.gradients} gradients`;
      ours.push({ name: `train, ${optimizer.name}`, milliseconds, objective: value, note });
    }
    const theirs = peers(python, 'digits', file, String(l2), String(objective));
    printed(`Softmax on digits, 1797×64, 10 classes, l2 ${l2}`, ours, theirs);
  }
  rmSync(folder, { recursive: true });
}

/** Rows of some terms each: frequent ones often, as in texts, with weights of length 1. */
function texts(rows: number, columns: number, terms: number) {
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  const values: number[] = [];
  const at: number[] = [];
  const starts = new Int32Array(rows + 1);
  const truth = Float64Array.from({ length: columns }, () => 3 * (draw() + draw() + draw() - 1.5));
  const y = new FlatMatrix(rows, 1);
  for (let i = 0; i < rows; i++) {
    const found = new Map<number, number>();
    for (let k = 0; k < terms; k++) {
      const column = Math.floor(columns ** draw()) - 1;
      found.set(column, (found.get(column) ?? 0) + 1);
    }
    const entries = [...found].sort(([a], [b]) => a - b);
    const weights = entries.map(([j, count]) => (1 + Math.log(count)) * Math.log(2 + j));
    const length = Math.hypot(...weights);
    let score = 0;
    entries.forEach(([j], k) => {
      at.push(j);
      values.push(weights[k] / length);
      score += (truth[j] * weights[k]) / length;
    });
    starts[i + 1] = at.length;
    y.data[i] = draw() < 1 / (1 + Math.exp(-4 * score)) ? 1 : 0;
  }
  return { x: new SparseMatrix(rows, columns, values, at, starts), y };
}

async function sparse(python: string | undefined): Promise<void> {
  const [rows, columns, terms] = [20_000, 100_000, 80];
  const data = texts(rows, columns, terms);
  const folder = mkdtempSync(join(tmpdir(), 'bench-sparse-'));
  const { values, columnsOf, starts } = data.x;
  const files = { values, columns: columnsOf, starts, y: data.y.data };
  for (const [name, entries] of Object.entries(files)) writeFileSync(join(folder, name), entries);
  for (const l2 of [1 / rows]) {
    const loss = (w: Value, { x, y }: { x: Operand; y: Operand }) =>
      add(logisticLoss(matmul(x, w), y), mul(l2 / 2, sum(square(w)))) as Value;
    const ours: Ours[] = [];
    for (const optimizer of [lbfgs(), newtonCg()]) {
      const [milliseconds, result] = await best(() =>
        train({
          loss,
          params: new FlatMatrix(columns, 1),
          data: data as never,
          optimizer,
          // f − f* ≤ ‖∇f‖²/(2 l2)
          stop: { gradientNorm: Math.sqrt(2 * l2 * goal), steps: 10_000 },
          engine: compiled(),
        }),
      );
      const { value, gradientNorm, evaluations } = result;
      const gap = gradientNorm ** 2 / (2 * l2);
      const note = `at most ${gap.toExponential(0)}, proven; ${evaluations.gradients} gradients`;
      ours.push({ name: `train, ${optimizer.name}`, milliseconds, objective: value, note });
    }
    const least = Math.min(...ours.map(({ objective }) => objective));
    const size = `${rows}×${columns}, ${values.length} entries`;
    const theirs = peers(python, 'sparse', folder, String(columns), String(l2), String(least));
    printed(`Logistic, sparse, ${size}, l2 ${l2}`, ours, theirs);
  }
  rmSync(folder, { recursive: true });
}

const [python] = pythonsWith('sklearn');
const only = process.env.CLASSIFIERS;
if (only !== 'sparse') await digits(python);
if (only !== 'digits') await sparse(python);
