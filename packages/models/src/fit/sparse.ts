import { answered } from '@steepest/ground';
import type { Warning } from '../checks/warning.ts';
import { certificateOf } from '../penalized/certificate.ts';
import { PenalizedTask } from '../penalized/penalized-task.ts';
import type { RowExamples } from '../rows/rows.ts';
import { blockOf } from '../solve/blocks.ts';
import { affineOf } from './affine.ts';
import { fittedOf, namesOfClasses } from './fitted.ts';
import type { Fitted } from './model.ts';
import { asksForRun, type FitOptions } from './options.ts';
import type { ReadData } from './read-rows.ts';
import type { TrainingSet } from './training-set.ts';

/** The minimum with an l1 or with groups, by proximal Newton; converged by its duality gap. */
export async function fitSparse(
  read: ReadData,
  options: FitOptions,
  warnings: readonly Warning[],
): Promise<Fitted> {
  const { problem, names, reading, examples, moments } = read;
  const { batch } = inMemory('fit', examples);
  if (asksForRun(options)) {
    throw new TypeError(
      'fit: an optimizer, batches and rules to stop by are for smooth objectives; leave them out, or train() ' +
        'problem.risk with chain(adam(), masked(proximal(l1(0.01)), (path) => path === "w"))',
    );
  }
  const task = new PenalizedTask({
    operation: 'fit',
    problem,
    penalty: problem.penalty,
    block: blockOf(batch),
    moments,
    names,
    raw: reading.preparation?.features ?? [],
  });
  const strengths = task.strengths(problem.penalty);
  const accuracy = task.accuracy(undefined);
  const start = options.params && task.point(options.params);
  const found = task.descent(start).to(strengths, accuracy, options.signal);
  const params = task.params(found.at);
  const certificate = certificateOf(task, found, strengths);
  const converged = found.gap <= accuracy.enough;
  const labels = namesOfClasses(problem, reading);
  const reason = converged ? 'the minimum' : found.reason;
  const steps = `${found.steps} proximal Newton ${found.steps === 1 ? 'step' : 'steps'}`;
  const unfinished: Warning = {
    kind: 'not-converged',
    message: `training ended by ${found.reason}; the objective is at most ${found.gap.toExponential(1)} above its minimum`,
  };
  return fittedOf({
    problem,
    params,
    reading,
    names,
    converged,
    ending: `${reason}, by ${steps}`,
    certificate,
    metrics: await examples.metrics(affineOf(problem, params), labels),
    warnings: [
      ...warnings,
      ...(await answered(read.notes())),
      ...(await examples.imbalance(labels)),
      ...(converged ? [] : [unfinished]),
    ],
    seed: options.seed ?? 0,
    report: undefined,
  });
}

/** All rows, where they are in memory: proximal Newton goes through them again and again. */
export function inMemory(operation: string, examples: RowExamples): TrainingSet {
  const set = examples.set ?? examples.dense?.();
  if (set !== undefined) return set;
  throw new TypeError(
    `${operation}: an l1 and groups need the rows in memory; read the table whole, or ask for l2`,
  );
}
