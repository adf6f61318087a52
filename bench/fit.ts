// What users call, to the certified minimum, beside scikit-learn on the same numbers in the same run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FlatMatrix, valueAndGrad } from '@steepest/autodiff';
import { compile, pin } from '@steepest/compile';
import { asTraining, defineSchema, number, type Table, type Train } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { fit, linearRegression, logisticRegression } from '@steepest/models';
import { peerEnvironment, pythonsWith } from './python.ts';

const rounds = 5;
const folder = mkdtempSync(join(tmpdir(), 'bench-fit-'));
const l2 = 0.01;

interface Numbers {
  readonly x: FlatMatrix;
  readonly label: FlatMatrix;
  readonly target: FlatMatrix;
}

/** Columns of uneven place and spread; a label and a number that depend on them. */
function numbersOf(rows: number, columns: number): Numbers {
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 31 - 1;
  };
  const x = new FlatMatrix(rows, columns);
  const label = new FlatMatrix(rows, 1);
  const target = new FlatMatrix(rows, 1);
  for (let i = 0; i < rows; i++) {
    let t = 0;
    for (let j = 0; j < columns; j++) {
      const v = draw() + draw() + draw();
      x.data[i * columns + j] = v;
      t += v * ((j % 3) - 1);
    }
    label.data[i] = (draw() + 1) / 2 < 1 / (1 + Math.exp(-t)) ? 1 : 0;
    target.data[i] = t + draw();
  }
  return { x, label, target };
}

function tableOf({ x, label }: Numbers): Train<Table> {
  const names = [...Array.from({ length: x.columns }, (_, j) => `x${j}`), 'y'];
  const columns = names.map((name, j) => {
    const values = Float64Array.from({ length: x.rows }, (_, i) =>
      j === x.columns ? label.data[i] : 5 * j + (1 + j) * x.data[i * x.columns + j],
    );
    return [name, { type: 'number', values }] as const;
  });
  const schema = defineSchema(Object.fromEntries(names.map((name) => [name, number()])), {
    target: 'y',
  });
  return asTraining({
    schema,
    rows: x.rows,
    names,
    columns: new Map(columns),
    droppedRows: 0,
    warnings: [],
  });
}

/** The fastest of some calls, in milliseconds. */
async function best(run: () => unknown): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await run();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

function peers(data: Numbers, name: string): Readonly<Record<string, number>> {
  const [python] = pythonsWith('sklearn');
  if (python === undefined) return {};
  const write = (part: string, { data: values }: FlatMatrix) =>
    writeFileSync(join(folder, `${name}.${part}`), values);
  write('x', data.x);
  write('label', data.label);
  write('target', data.target);
  const args = [
    file('./fit/sklearn_fit.py'),
    join(folder, name),
    String(data.x.columns),
    String(l2),
  ];
  const { stdout, stderr, status } = spawnSync(python, args, {
    env: peerEnvironment(),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function line(name: string, ours: number, theirs: number | undefined, other = ''): void {
  const ratio =
    theirs === undefined
      ? ''
      : `${theirs.toFixed(1).padStart(9)}${(ours / theirs).toFixed(2).padStart(7)}`;
  console.log(`${name.padEnd(52)}${ours.toFixed(1).padStart(9)}${ratio}${other}`);
}

console.log(`\n${'Fits to the certified minimum, ms'.padEnd(52)}     ours  sklearn  ratio`);
for (const [rows, columns] of [
  [200_000, 32],
  [1_000_000, 5],
] as const) {
  const size = `${rows}×${columns}`;
  const data = numbersOf(rows, columns);
  const theirs = peers(data, size);
  const { x, label, target } = data;
  const problem = logisticRegression({ l2 });
  const gradient = compile(valueAndGrad(problem.loss));
  const batch = pin({ x, y: label });
  gradient(problem.init(columns), batch);
  const one = await best(() => gradient(problem.init(columns), batch));
  const ready = await best(() => fit(problem, { x, y: label }));
  line(
    `logistic, ready ${size}`,
    ready,
    theirs.logistic,
    `   ${(ready / one).toFixed(1)} gradients`,
  );
  line(
    `least squares, ready ${size}`,
    await best(() => fit(linearRegression(), { x, y: target })),
    theirs.linear,
  );
  const table = tableOf(data);
  line(
    `logistic from the table, standardized, judged ${size}`,
    await best(() => fit(problem, table)),
    theirs.pipeline,
  );
  const fitted = await fit(problem, table);
  line(`predict ${size}`, await best(() => fitted.predictFeatures(x)), theirs.predict);
  line(
    `predict from the table ${size}`,
    await best(() => fitted.predict(table)),
    theirs.predictPipeline,
  );
  const row = Object.fromEntries(table.names.map((name) => [name, 1]));
  const single = await best(() => {
    for (let k = 0; k < 200; k++) fitted.predict([row]);
  });
  console.log(
    `${`predict one row of ${columns} columns, µs`.padEnd(52)}${((1000 * single) / 200).toFixed(1).padStart(9)}`,
  );
}
const cancer = asTraining(await bundled('breast_cancer').read());
let warm = Infinity;
for (let k = 0; k < 8; k++)
  warm = Math.min(warm, await best(() => fit(logisticRegression({ l2 }), cancer)));
line('breast cancer 569×30 from the table, warm', warm, undefined);
rmSync(folder, { recursive: true });
