import { columnOf } from '@steepest/datasets';
import { readTable } from '@steepest/datasets/node';
import { expectFile, readModel } from '../data/model.ts';
import { manner } from '../data/read.ts';
import { judge } from '../fitting/judge.ts';
import type { Io } from '../io.ts';
import { judgementText } from '../output/measures-text.ts';
import { headOf, type Output } from '../output/output.ts';
import { Refusal } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';

/** steepest evaluate: a model against rows whose targets are known. */
export async function run(given: Given, io: Io): Promise<Output> {
  const path = given.argument(0, 'the model file');
  const data = given.argument(1, 'the data file');
  const resamples = given.number('bootstrap', { least: 2, whole: true, example: '1000' });
  const seed = given.number('seed', { least: 0, whole: true, example: '1' });
  await expectFile(data);
  const fitted = await readModel(path);
  const { preparation, target, weights, analyticWeights, offset, exposure } = fitted.reading;
  if (preparation === undefined || columnOf(preparation.schema, target) === undefined) {
    throw new Refusal(`${path} knows no columns; train a model by steepest train`);
  }
  const roles = [target, weights, analyticWeights, offset, exposure];
  const needed = new Set<string | undefined>([...preparation.features, ...roles]);
  const columns = preparation.schema.columns.filter(({ name }) => needed.has(name));
  const schema = { ...preparation.schema, columns, target, others: 'ignore' as const };
  const table = await readTable(data, { ...manner(given), schema, signal: io.signal });
  const judgement = judge(fitted, table, { resamples, seed });
  const facts = { ...headOf('evaluate'), model: path, data, target, test: judgement };
  return {
    facts,
    text: (colours) =>
      `${colours.bold(`${fitted.problem.name} of ${target}, on ${judgement.rows} rows of ${data}`)}\n${judgementText(judgement)}\n`,
  };
}
