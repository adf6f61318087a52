import type { RawRow } from '@steepest/datasets';
import type { Document } from '../document/document.ts';
import { six } from '../document/numbers.ts';
import { type Printed, printed } from '../document/printed.ts';
import { expectFitted } from '../expect.ts';
import { featuresOf } from '../fit/fitted.ts';
import type { Fitted } from '../fit/model.ts';
import { originOfColumn } from './origin.ts';

/** What one column adds to a score. */
export interface Contribution {
  readonly column: string;
  /** The cell; undefined for a product of columns. */
  readonly value: unknown;
  readonly contribution: number;
}

/** base + offset + Σ contributions = score. */
export interface ExplainedScore {
  /** The class whose score it is; undefined where there is one. */
  readonly output: string | undefined;
  /** The score of a row whose prepared columns are all 0: by standardize() that of the average row. */
  readonly base: number;
  readonly offset: number;
  readonly score: number;
  /** What the model predicts by it: a mean, a probability, a rate. */
  readonly prediction: number;
  /** In raw columns, the greatest first. */
  readonly contributions: readonly Contribution[];
}

export interface Explanation extends Printed {
  readonly target: string;
  readonly scores: readonly ExplainedScore[];
}

/**
 * How each raw column contributed to the prediction for one row: what its prepared columns add to the
 * score, from a base where all of them are 0. Of standardized numbers that is coefficient · (value −
 * mean), of labels the coefficient of the label, against the first: for a linear model, and columns that
 * are taken one at a time, these are the Shapley values against such a row.
 *
 * Throws as `fitted.predict` does.
 *
 * ```ts
 * const [{ base, score, contributions }] = explain(fitted, { age: 58, plan: 'basic' }).scores;
 * ```
 */
export function explain<R = RawRow>(fitted: Fitted<R>, row: R): Explanation {
  expectFitted('explain', fitted);
  const { problem, params, reading, names } = fitted;
  const { x, offset } = featuresOf([row] as readonly RawRow[], reading);
  const features = reading.preparation?.features ?? [];
  const origins = names.map((name) => originOfColumn(name, features));
  const predicted = problem.predict(params, x, offset).data;
  const { w, b } = params;
  const scores = Array.from({ length: problem.outputs }, (_, k): ExplainedScore => {
    const base = typeof b === 'number' ? b : b.data[k];
    const added = offset?.data[0] ?? 0;
    const sums = new Map<string, number>();
    for (let j = 0; j < names.length; j++) {
      const share = x.data[j] * w.data[j * w.columns + k];
      sums.set(origins[j], (sums.get(origins[j]) ?? 0) + share);
    }
    const contributions = Array.from(sums, ([column, contribution]) => ({
      column,
      value: cell(row, column),
      contribution,
    })).sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution));
    return {
      output: problem.outputs === 1 ? undefined : (fitted.classes?.[k] ?? String(k)),
      base,
      offset: added,
      score: contributions.reduce((sum, { contribution }) => sum + contribution, base + added),
      prediction: predicted[k],
      contributions,
    };
  });
  return printed({ target: reading.target, scores }, documentOf);
}

function cell(row: unknown, column: string): unknown {
  if (row instanceof Map) return row.get(column);
  return Object.hasOwn(Object(row), column)
    ? (row as Readonly<Record<string, unknown>>)[column]
    : undefined;
}

function documentOf({ target, scores }: Omit<Explanation, keyof Printed>): Document {
  return {
    title: `How ${target} was predicted`,
    parts: scores.map(({ output, base, offset, score, prediction, contributions }) => ({
      kind: 'grid',
      ...(output === undefined ? {} : { caption: output }),
      header: ['column', 'value', 'contribution'],
      rows: [
        ['(base)', '', six(base)],
        ...(offset === 0 ? [] : [['(offset)', '', six(offset)]]),
        ...contributions.map(({ column, value, contribution }) => [
          column,
          value === undefined ? '' : String(value),
          six(contribution),
        ]),
        ['score', '', six(score)],
        ['prediction', '', six(prediction)],
      ],
      rules: [contributions.length + (offset === 0 ? 1 : 2)],
    })),
  };
}
