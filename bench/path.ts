// Lasso paths beside R's glmnet and scikit-learn on the same numbers in the same run: milliseconds, ratios, gaps.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FlatMatrix } from '@steepest/autodiff';
import { allocate } from '@steepest/compile';
import { threads } from '@steepest/compile/threads';
import {
  certify,
  glmnet,
  linearRegression,
  logisticRegression,
  type Path,
  type Problem,
  path,
} from '@steepest/models';
import { peerEnvironment } from './python.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-path-'));
const file = (name: string) => fileURLToPath(new URL(`path/${name}`, import.meta.url));
/** The gap that every point must be within, as a share of the null model's. */
const tolerance = 1e-7;
const rounds = 5;

interface Numbers {
  readonly name: string;
  readonly x: FlatMatrix;
  readonly y: FlatMatrix;
}

/** Columns of uneven place and spread that hang together; a number, or a label, that leans on every third. */
function numbersOf(name: string, rows: number, columns: number, labelled: boolean): Numbers {
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 31 - 1;
  };
  // Where compiled functions read in place, as the features of a table are.
  const x = new FlatMatrix(rows, columns, allocate(rows * columns));
  const y = new FlatMatrix(rows, 1);
  for (let i = 0; i < rows; i++) {
    const shared = draw() + draw();
    let t = 0;
    for (let j = 0; j < columns; j++) {
      const v = draw() + draw() + 0.5 * shared;
      x.data[i * columns + j] = (1 + (j % 5)) * v + (j % 3);
      if (j % 3 === 0 && j < 40) t += (v * ((j % 2) - 0.5)) / (1 + j / 8);
    }
    y.data[i] = labelled ? Number((draw() + 1) / 2 < 1 / (1 + Math.exp(-2 * t))) : t + draw();
  }
  writeFileSync(join(folder, `${name}-x.f64`), new Uint8Array(x.data.slice().buffer));
  writeFileSync(join(folder, `${name}-y.f64`), new Uint8Array(y.data.slice().buffer));
  return { name, x, y };
}

/** The fastest of some calls, in milliseconds, what the first took, and what the last gave. */
async function timed<T>(
  run: () => Promise<T>,
): Promise<{ first: number; best: number; result: T }> {
  let [first, best] = [0, Infinity];
  let result: T | undefined;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    result = await run();
    const took = performance.now() - started;
    if (round === 0) first = took;
    best = Math.min(best, took);
  }
  return { first, best, result: result as T };
}

interface Peer {
  readonly milliseconds: number;
  readonly points: number;
  readonly version: string;
  readonly gap?: number;
}

function peer(command: string, args: readonly string[]): Peer | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', env: peerEnvironment() });
  if (status !== 0) return undefined;
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

const worst = ({ points, nullRisk }: Path) =>
  Math.max(...points.map(({ gap }) => gap / nullRisk)).toExponential(1);

function line(what: string, milliseconds: number, against: number | undefined, more: string): void {
  const ratio = against === undefined ? '' : `${(milliseconds / against).toFixed(2)} ×`;
  console.log(
    `  ${what.padEnd(30)} ${milliseconds.toFixed(1).padStart(8)} ms ${ratio.padStart(8)}  ${more}`,
  );
}

async function besideGlmnet(
  { name, x, y }: Numbers,
  problem: () => Problem,
  family: string,
): Promise<void> {
  const sizes = [String(x.rows), String(x.columns)];
  const theirs = peer('Rscript', [file('glmnet.R'), folder, name, ...sizes, family]);
  if (theirs === undefined) console.log('  (no Rscript with glmnet here: beside nothing)');
  const known = theirs && readFileSync(join(folder, `${name}-path.f64`));
  const numbers = known && new Float64Array(known.buffer, known.byteOffset, known.length / 8);
  const width = x.columns + 2;
  const lambdas = numbers && Array.from({ length: theirs.points }, (_, k) => numbers[k * width]);
  if (theirs && numbers && lambdas) {
    const gaps = lambdas.map((lambda, k) => {
      const w = new FlatMatrix(x.columns, 1, numbers.slice(k * width + 2, (k + 1) * width));
      const own = problem().withPenalty({ ...base, l1: lambda });
      return certify(own, { w, b: numbers[k * width + 1] }, { x, y }).gap ?? Number.NaN;
    });
    const { nullRisk } = await path(
      problem(),
      { x, y },
      { penalty: glmnet(), lambdas: [lambdas[0]] },
    );
    const largest = Math.max(...gaps.map((gap) => gap / nullRisk)).toExponential(1);
    line(
      `glmnet ${theirs.version}`,
      theirs.milliseconds,
      undefined,
      `${theirs.points} points, gap at most ${largest}`,
    );
  }
  for (const count of [1, 2]) {
    const options = {
      penalty: glmnet(),
      tolerance,
      ...(lambdas ? { lambdas } : { count: 55 }),
      ...(count === 2 ? { threads: threads(2) } : {}),
    };
    const { first, best, result } = await timed(() => path(problem(), { x, y }, options));
    const facts = `${result.points.length} points, gap at most ${worst(result)}, first call ${first.toFixed(0)} ms`;
    line(`steepest, ${count} thread${count === 1 ? '' : 's'}`, best, theirs?.milliseconds, facts);
  }
}

const base = { ...logisticRegression({ penalty: glmnet({ lambda: 1 }) }).penalty };

async function besideSklearn({ name, x, y }: Numbers, eps: number): Promise<void> {
  const sizes = [String(x.rows), String(x.columns), '100', String(eps)];
  const theirs = peer('/usr/bin/python3', [file('sklearn_path.py'), folder, name, ...sizes]);
  if (theirs === undefined) console.log('  (no Python with scikit-learn here: beside nothing)');
  else {
    line(
      `scikit-learn ${theirs.version}`,
      theirs.milliseconds,
      undefined,
      `${theirs.points} points, gap at most ${theirs.gap?.toExponential(1)}`,
    );
  }
  const options = { standardize: true, count: 100, ratio: eps, tolerance };
  const { first, best, result } = await timed(() => path(linearRegression(), { x, y }, options));
  const facts = `${result.points.length} points, gap at most ${worst(result)}, first call ${first.toFixed(0)} ms`;
  line('steepest', best, theirs?.milliseconds, facts);
}

console.log(`lasso paths; gaps as shares of the null model's; ours are asked for ${tolerance}`);
const tall = {
  labels: numbersOf('tall-labels', 200_000, 32, true),
  numbers: numbersOf('tall', 200_000, 32, false),
};
const wide = {
  labels: numbersOf('wide-labels', 200, 2000, true),
  numbers: numbersOf('wide', 200, 2000, false),
};
console.log('logistic, 200 000 × 32');
await besideGlmnet(tall.labels, logisticRegression, 'binomial');
console.log('least squares, 200 000 × 32');
await besideGlmnet(tall.numbers, linearRegression, 'gaussian');
await besideSklearn(tall.numbers, 1e-4);
console.log('logistic, 200 × 2000');
await besideGlmnet(wide.labels, logisticRegression, 'binomial');
console.log('least squares, 200 × 2000');
await besideGlmnet(wide.numbers, linearRegression, 'gaussian');
await besideSklearn(wide.numbers, 1e-2);
rmSync(folder, { recursive: true });
