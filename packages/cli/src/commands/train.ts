import type { Table } from '@steepest/datasets';
import { readTable } from '@steepest/datasets/node';
import { crossValidate, type Fitted } from '@steepest/models';
import { expectFile, expectNoFolder, writeModel } from '../data/model.ts';
import { manner, readData } from '../data/read.ts';
import { writeWhole } from '../data/write.ts';
import { askedFor } from '../fitting/asked.ts';
import { familyFor, familyNames, isLabelled, problemOf } from '../fitting/families.ts';
import { featuresFor } from '../fitting/features.ts';
import { holdOut } from '../fitting/hold-out.ts';
import { judge } from '../fitting/judge.ts';
import { penaltyOf, type Roles } from '../fitting/penalty.ts';
import { sureness } from '../fitting/sureness.ts';
import { trainModel } from '../fitting/train-model.ts';
import { treatments } from '../fitting/treatment.ts';
import type { Io } from '../io.ts';
import { headOf, type Output } from '../output/output.ts';
import type { FoldFacts, ModelFacts, TrainFacts } from '../output/train-facts.ts';
import { trainText } from '../output/train-text.ts';
import type { Given } from '../usage/given.ts';

/** steepest train: reads, chooses, holds out, fits, judges, keeps. */
export async function run(given: Given, io: Io): Promise<Output> {
  const started = performance.now();
  const path = given.argument(0, 'the data file');
  const target = given.needed('target', 'y');
  const asked = askedFor(given);
  const save = given.text('save');
  const report = given.text('report');
  await expectNoFolder(save);
  await expectNoFolder(report);
  await expectFile(path);
  const { table } = await readData(path, given, target, io.signal);
  const read = performance.now();

  const suited = familyFor(table, target);
  const family = given.word('family', familyNames) ?? suited;
  const type = table.columns.get(target)?.type ?? 'number';
  const [weights, offset] = [given.text('weights'), given.text('offset')];
  const group = asked.by?.replace(/^time:/, '');
  const testFile = given.text('test-file');
  const held = holdOut(table, {
    share: testFile === undefined ? asked.share : 0,
    seed: asked.seed,
    by: asked.by,
    stratify: isLabelled(family) && type !== 'number' ? target : undefined,
  });
  const test = testFile === undefined ? held.test : await readLike(testFile, table, given, io);
  const { leftOut, preparation } = featuresFor(held.train, {
    target,
    features: given.list('features'),
    exclude: given.list('exclude'),
    others: [weights, offset, asked.by?.startsWith('time:') ? undefined : group].filter(
      (name) => name !== undefined,
    ),
  });
  const roles: Roles = {
    target,
    preparation,
    ...(weights && { weights }),
    ...(offset && { offset }),
  };
  const penalty = await penaltyOf(given, family, held.train, roles, asked, io.signal);
  const problem = problemOf(family, penalty.options);
  const fitted = await trainModel(problem, held.train, roles, asked, given, io);
  const fittedAt = performance.now();

  const interrupted = io.signal.aborted;
  if (save !== undefined) await writeModel(save, fitted);
  if (report !== undefined) {
    const { reportOf } = await import('@steepest/models/report');
    const page = reportOf(fitted, {
      table: held.train,
      title: `${target} in ${path}`,
      command: given.line('train'),
      ...(test === undefined ? {} : { test }),
    });
    await writeWhole(report, page);
  }
  const folds =
    asked.folds === undefined || interrupted
      ? undefined
      : await validated(fitted, held.train, roles, asked.folds, asked.seed);
  const facts: TrainFacts = {
    ...headOf('train'),
    data: {
      file: path,
      rows: table.rows,
      dropped: table.droppedRows,
      train: held.train.rows,
      test: test?.rows ?? 0,
      held: testFile === undefined ? held.how : `those of ${testFile}`,
    },
    target: { name: target, type, classes: fitted.classes ?? [] },
    columns: fitted.reading.preparation === undefined ? [] : treatments(fitted.reading.preparation),
    leftOut,
    model: modelFacts(fitted, penalty.how),
    ...sureness(fitted, held.train, given.has('errors')),
    training: numbersOf(fitted.metrics),
    ...(test === undefined ? {} : { test: judge(fitted, test, asked) }),
    ...(folds === undefined ? {} : { crossValidation: folds }),
    warnings: fitted.warnings.map(({ kind, message }) => ({ kind, message })),
    ...(save === undefined ? {} : { saved: save }),
    ...(report === undefined ? {} : { report }),
    ...(interrupted ? { interrupted: resumption(given) } : {}),
    seconds: {
      read: (read - started) / 1000,
      fit: (fittedAt - read) / 1000,
      judge: (performance.now() - fittedAt) / 1000,
    },
  };
  const text = given.has('quiet') ? () => '' : trainText(facts);
  return { facts, text, interrupted };
}

/** Other rows, read by the schema of these. */
async function readLike(path: string, table: Table, given: Given, io: Io): Promise<Table> {
  await expectFile(path);
  return await readTable(path, { ...manner(given), schema: table.schema, signal: io.signal });
}

/** How a model came about, as far as a certificate can say. */
export function modelFacts(fitted: Fitted, penalty: string | undefined): ModelFacts {
  const { problem, certificate, converged, ending } = fitted;
  return {
    kind: problem.kind,
    name: problem.name,
    objective: problem.objective,
    ...(penalty === undefined ? {} : { penalty }),
    converged,
    ending,
    value: certificate.objective,
    gradientNorm: certificate.gradientNorm,
    ...(certificate.decrement === undefined ? {} : { above: certificate.decrement }),
    ...(certificate.condition === undefined ? {} : { condition: certificate.condition }),
  };
}

function numbersOf(metrics: object): Record<string, number> {
  const entries = Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === 'number' && name !== 'rows' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

async function validated(
  fitted: Fitted,
  train: Parameters<typeof crossValidate>[1],
  roles: Roles,
  k: number,
  seed: number,
): Promise<FoldFacts> {
  const { how, measures } = await crossValidate(fitted.problem, train, {
    ...roles,
    folds: { k, seed },
  });
  const pairs = Object.entries(measures).map(
    ([name, { mean, standardError }]) => [name, { mean, standardError }] as const,
  );
  return { how, measures: Object.fromEntries(pairs) };
}

/** How a run that Ctrl-C ended goes on. */
function resumption(given: Given): string {
  const file = given.text('checkpoint');
  return file === undefined
    ? 'next time, add --checkpoint run.ckpt, so that --resume can go on'
    : `go on by the same command with --resume (from ${file})`;
}
