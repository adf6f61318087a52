import { columnValues, type Table } from '@steepest/datasets';
import { expectFitted } from '../expect.ts';
import { type Metrics, measure } from '../metrics/measure.ts';
import { namesOfClasses } from './fitted.ts';
import type { Fitted } from './model.ts';
import { type Examples, fromExamples, isTable, rowsOf } from './training-set.ts';

/**
 * How well a model does on rows that it did not learn from. Throws where they lack the target, or hold
 * a label that training did not see.
 *
 * ```ts
 * console.log(String(evaluate(fitted, test))); // accuracy, log loss, …
 * ```
 */
export function evaluate(fitted: Fitted, data: Table | Examples): Metrics {
  expectFitted('evaluate', fitted);
  const { problem, params, reading } = fitted;
  if (isTable(data)) {
    const needed = [...(reading.preparation?.features ?? []), reading.target];
    for (const name of needed) columnValues(data, name, 'evaluate');
  }
  const { batch } = isTable(data) ? rowsOf(problem, data, reading) : fromExamples(problem, data);
  const predicted = problem.predict(params, batch.x, batch.offset);
  return measure(problem, predicted, batch.y, namesOfClasses(problem, reading));
}
