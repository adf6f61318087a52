import type { FlatMatrix } from '@steepest/autodiff';
import type { Table } from '@steepest/datasets';
import { evaluate } from '../fit/evaluate.ts';
import type { Fitted } from '../fit/model.ts';
import { outcomeIn } from '../fit/training-set.ts';
import type { Metrics } from '../metrics/measure.ts';

/** What a model says of rows, beside what happened. */
export interface Judged {
  readonly metrics: Metrics;
  readonly predicted: FlatMatrix;
  readonly y: FlatMatrix;
  /** Of the rows that count. */
  readonly weighted: boolean;
  /** 'the 30 test rows'. */
  readonly rows: string;
}

export function judgedOn(fitted: Fitted, table: Table, kind: 'test' | 'training'): Judged {
  const { counted, y, weights } = outcomeIn(fitted.problem, table, fitted.reading);
  const metrics = evaluate(fitted, table);
  return {
    metrics,
    predicted: fitted.predict(counted),
    y,
    weighted: weights !== undefined,
    rows: `the ${metrics.rows} ${kind} rows`,
  };
}
