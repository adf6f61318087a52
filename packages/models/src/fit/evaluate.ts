import { columnValues, type DiskTable, type Table } from '@steepest/datasets';
import { expectFitted } from '../expect.ts';
import { type Metrics, measure } from '../metrics/measure.ts';
import { asRows } from '../rows/as-rows.ts';
import type { Rows } from '../rows/rows.ts';
import { affineOf } from './affine.ts';
import { namesOfClasses, predictedIn } from './fitted.ts';
import type { Fitted } from './model.ts';
import { type Examples, fromExamples, isTable, outcomeIn } from './training-set.ts';

/**
 * How well a model does on rows that it did not learn from. Throws where they lack the target, or hold
 * a label that training did not see. Rows that are not in memory are gone through some at a time, and
 * the answer comes later.
 *
 * ```ts
 * console.log(String(evaluate(fitted, test))); // accuracy, log loss, …
 * await evaluate(fitted, onDisk);
 * ```
 */
export function evaluate(fitted: Fitted, data: Table | Examples): Metrics;
export function evaluate(fitted: Fitted, data: DiskTable | Rows): Promise<Metrics>;
export function evaluate(
  fitted: Fitted,
  data: Table | Examples | DiskTable | Rows,
): Metrics | Promise<Metrics> {
  expectFitted('evaluate', fitted);
  const { problem, params, reading } = fitted;
  const labels = namesOfClasses(problem, reading);
  if (isTable(data)) {
    const needed = [...(reading.preparation?.features ?? []), reading.target];
    for (const name of needed) columnValues(data, name, 'evaluate');
    const { counted, y } = outcomeIn(problem, data, reading);
    return measure(problem, predictedIn(problem, params, counted, reading), y, labels);
  }
  const rows = asRows(data);
  if (rows !== undefined) return elsewhere(fitted, rows);
  const { batch } = fromExamples(problem, data as Examples);
  return measure(problem, problem.predict(params, batch.x, batch.offset), batch.y, labels);
}

async function elsewhere({ problem, params, reading }: Fitted, all: Rows): Promise<Metrics> {
  await all.begin?.();
  try {
    const weights = reading.weights ?? reading.analyticWeights;
    const rows = weights === undefined ? all : await all.counted(weights);
    const examples = await rows.examples(problem, reading);
    return await examples.metrics(affineOf(problem, params), namesOfClasses(problem, reading));
  } finally {
    await all.end?.();
  }
}
