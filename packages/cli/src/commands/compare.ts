import { fit } from '@steepest/models';
import type { Report } from '@steepest/optim';
import { problemOf } from '../fitting/families.ts';
import { type OptimizerName, optimizerNames, optimizerOf } from '../fitting/optimizers.ts';
import { penaltyOf } from '../fitting/penalty.ts';
import { prepared } from '../fitting/prepared.ts';
import type { Io } from '../io.ts';
import { grid, six } from '../output/grid.ts';
import { headOf, type Output } from '../output/output.ts';
import { UsageError } from '../usage/errors.ts';
import { type Given, unknown } from '../usage/given.ts';

/** How far one optimizer came. */
interface RunFacts {
  readonly optimizer: OptimizerName;
  readonly steps: number;
  readonly seconds: number;
  readonly value: number;
  /** Above the minimum that the exact solver found. */
  readonly above: number;
  readonly ending: string;
  readonly losses: readonly { readonly epoch: number; readonly loss: number }[];
}

/** steepest compare: each optimizer on the same rows, from the same start, in the same order. */
export async function run(given: Given, io: Io): Promise<Output> {
  const names = (given.list('optimizers') ?? ['sgd', 'momentum', 'adam', 'lbfgs']).map(expectName);
  const batchSize = given.number('batch', { least: 1, whole: true, example: '32' });
  const epochs = given.number('epochs', { least: 1, whole: true, example: '20' }) ?? 20;
  const seed = given.number('seed', { least: 0, whole: true, example: '1' }) ?? 1;
  const { path, train, family, roles } = await prepared(given, io);
  const asked = { seed, folds: undefined };
  const { options } = await penaltyOf(given, family, train, roles, asked, io.signal);
  const least = await fit(problemOf(family, options), train, { ...roles, signal: io.signal });
  const runs: RunFacts[] = [];
  for (const optimizer of names) {
    io.signal.throwIfAborted();
    const reports: Report[] = [];
    const { certificate, ending, report } = await fit(problemOf(family, options), train, {
      ...roles,
      optimizer: optimizerOf(optimizer, undefined),
      epochs,
      seed,
      signal: io.signal,
      onReport: (each) => void reports.push(each),
      // A quasi-Newton method needs the gradient of all rows.
      ...(batchSize === undefined || optimizer === 'lbfgs' ? {} : { batchSize }),
    });
    runs.push({
      optimizer,
      steps: report?.steps ?? 0,
      seconds: reports.at(-1)?.seconds ?? 0,
      value: certificate.objective,
      above: Math.max(0, certificate.objective - least.certificate.objective),
      ending,
      losses: reports.map(({ epoch, loss }) => ({ epoch, loss })),
    });
  }
  const facts = { ...headOf('compare'), data: path, target: roles.target, rows: train.rows, runs };
  return {
    facts,
    text: (colours) =>
      `${colours.bold(`${least.problem.name} of ${roles.target}, ${train.rows} rows, ${epochs} epochs`)}\n${grid(
        [
          ['', 'loss', 'above minimum', 'steps', 'seconds', 'ending'],
          ...runs.map((each) => [
            each.optimizer,
            six(each.value),
            each.above.toExponential(1),
            String(each.steps),
            each.seconds.toFixed(3),
            each.ending,
          ]),
        ],
      )}\n`,
  };
}

function expectName(name: string): OptimizerName {
  const found = optimizerNames.find((each) => each === name);
  if (found !== undefined) return found;
  throw new UsageError(`--optimizers: ${unknown(name, optimizerNames)}`);
}
