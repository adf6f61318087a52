import { compareModes, FlatMatrix } from '@steepest/autodiff';
import { asTraining, sliceRows } from '@steepest/datasets';
import { fit } from '@steepest/models';
import { askedFor } from '../fitting/asked.ts';
import { problemOf } from '../fitting/families.ts';
import { penaltyOf } from '../fitting/penalty.ts';
import { prepared } from '../fitting/prepared.ts';
import type { Io } from '../io.ts';
import { grid, six } from '../output/grid.ts';
import { headOf, type Output } from '../output/output.ts';
import type { Given } from '../usage/given.ts';

/** Rows that are enough to tell a wrong gradient. */
const most = 500;

/** steepest check: the gradient of the objective at a point of training, in every mode. */
export async function run(given: Given, io: Io): Promise<Output> {
  const { path, table, family, roles } = await prepared(given, io);
  const some = asTraining(sliceRows(table, 0, Math.min(most, table.rows)));
  const penalty = await penaltyOf(given, family, some, roles, askedFor(given), io.signal);
  // One step of training: a point where no gradient is 0.
  const { problem, params, reading } = await fit(problemOf(family, penalty.options), some, {
    ...roles,
    epochs: 1,
    allow: ['rank-deficient'],
  });
  const { data, rows, columns } = reading.preparation!.apply(some); // fitted to a table, it has one
  const x = new FlatMatrix(rows, columns, data);
  const codes = problem.family.target.codes(some, reading.target, reading.classes ?? []);
  const compared = compareModes(problem.loss)(params, { x, y: new FlatMatrix(rows, 1, codes) });
  const facts = {
    ...headOf('check'),
    data: path,
    rows,
    value: compared.value,
    exactDisagreement: compared.largestDisagreement,
    numericDisagreement: compared.numericDisagreement,
    modes: compared.costs.map(({ mode, passes, milliseconds, failure }) => ({
      mode,
      passes,
      milliseconds,
      ...(failure === undefined ? {} : { failure }),
    })),
  };
  return {
    facts,
    text: (colours) =>
      `${colours.bold(`The gradient of ${problem.name} on ${rows} rows`)}, where the objective is ${six(facts.value)}\n${grid(
        [
          ['mode', 'passes', 'ms'],
          ...facts.modes.map(({ mode, passes, milliseconds, failure }) => [
            mode,
            String(passes),
            failure ?? milliseconds.toFixed(1),
          ]),
        ],
      )}\n\nexact modes differ by at most ${facts.exactDisagreement.toExponential(1)}, numeric quotients by ${facts.numericDisagreement.toExponential(1)} (relative)\n`,
  };
}
