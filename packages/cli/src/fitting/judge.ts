import { FlatMatrix } from '@steepest/autodiff';
import type { Table } from '@steepest/datasets';
import { evaluate, type Fitted } from '@steepest/models';
import { measureIntervals } from '@steepest/models/inference';

/** A measure, with an interval where there is one. */
export interface Judged {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly method?: string;
}

export interface Judgement {
  readonly rows: number;
  readonly level: number;
  readonly measures: Readonly<Record<string, Judged>>;
  readonly confusion?: {
    readonly classes: readonly string[];
    readonly counts: readonly (readonly number[])[];
  };
}

export interface JudgeOptions {
  readonly resamples?: number | undefined;
  readonly seed?: number | undefined;
}

/** How well a model does on rows, with 95 % intervals. */
export function judge(fitted: Fitted, rows: Table, options: JudgeOptions = {}): Judgement {
  const metrics = evaluate(fitted, rows);
  const intervals = intervalsOf(fitted, rows, options);
  const measures = Object.entries(metrics as unknown as Readonly<Record<string, unknown>>)
    .filter(([name, value]) => typeof value === 'number' && name !== 'rows')
    .map(([name, value]) => {
      const { low, high, method } = intervals[name] ?? {};
      const interval = low === undefined || high === undefined ? {} : { low, high };
      return [
        name,
        { value: value as number, ...interval, ...(method ? { method } : {}) },
      ] as const;
    });
  const { confusion } = metrics;
  return {
    rows: metrics.rows,
    level: 0.95,
    measures: Object.fromEntries(measures),
    ...(confusion && { confusion: { classes: confusion.classes, counts: confusion.counts } }),
  };
}

/** Intervals of rows that count once each; of weighted rows there is no closed form. */
function intervalsOf(
  fitted: Fitted,
  rows: Table,
  { resamples, seed }: JudgeOptions,
): ReturnType<typeof measureIntervals> {
  const { problem, reading } = fitted;
  const { target, classes = [], weights, analyticWeights } = reading;
  if (weights !== undefined || analyticWeights !== undefined) return {};
  const y = new FlatMatrix(rows.rows, 1, problem.family.target.codes(rows, target, classes));
  return measureIntervals(problem, fitted.predict(rows), y, {
    ...(resamples === undefined ? {} : { resamples }),
    ...(seed === undefined ? {} : { seed }),
  });
}
