import { readFileSync } from 'node:fs';
import {
  asTraining,
  CsvError,
  category,
  chooseFeatures,
  defineSchema,
  type NamedColumn,
  number,
  prepare,
  readCsv,
} from '@steepest/datasets';
import { describe, expect, test } from 'vitest';
import { type Fitted, fit, linearRegression, logisticRegression } from '../src/index.ts';

interface Outcome {
  outcome: 'accept' | 'reject';
  reason?: string;
  line?: number;
  line_any?: number[];
  column?: string;
  fit?: { intercept: number; coefficients: number[] };
  classes?: string[];
  positive?: string;
}

interface Case {
  id: string;
  task: { type: 'linear' | 'logistic'; target: string; features?: string[] };
  file: string;
  expect: Outcome;
}

const folder = new URL('../../../test/cases/csv/', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(new URL('fits.json', folder), 'utf8'));

/** Reads and fits as a trainer would: the target's labels as they are, every other column a number. */
async function run({ task, file }: Case): Promise<Fitted> {
  const { type, target } = task;
  let features: string[] = [];
  const table = await readCsv([readFileSync(new URL(file, folder))], {
    schema: (names) => {
      features = chooseFeatures(names, {
        target,
        ...(task.features && { features: task.features }),
      });
      const columns = features.map((name): [string, NamedColumn] => [name, { name, ...number() }]);
      const label = type === 'logistic' ? category() : number();
      return defineSchema<Record<string, NamedColumn>>(
        [...columns, [target, { name: target, ...label }]],
        {
          others: 'ignore',
          target,
        },
      );
    },
  });
  const problem = type === 'logistic' ? logisticRegression({ l2: 0.1 }) : linearRegression();
  return fit(problem, asTraining(table), { preparation: prepare([], { features, target }) });
}

describe('reference CSV cases that end in a model do what they describe', () => {
  test.each(cases.map((found) => [found.id, found] as const))('%s', async (_, found) => {
    const wanted = found.expect;
    if (wanted.outcome === 'reject') {
      const error = await run(found).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CsvError);
      const { reason, line, column } = error as CsvError;
      expect(reason).toBe(wanted.reason);
      if (wanted.line !== undefined)
        expect([wanted.line, ...(wanted.line_any ?? [])]).toContain(line);
      if (wanted.column !== undefined) expect(column).toBe(wanted.column);
      return;
    }
    const fitted = await run(found);
    if (wanted.classes !== undefined) {
      expect(fitted.classes).toEqual(wanted.classes);
      expect(fitted.classes?.[1]).toBe(wanted.positive);
      expect(String(fitted)).toContain(`"${wanted.classes[0]}" → 0, "${wanted.positive}" → 1`);
    }
    if (wanted.fit !== undefined) {
      const [{ intercept, values }] = fitted.coefficients;
      expect(Math.abs(intercept - wanted.fit.intercept)).toBeLessThan(1e-8);
      wanted.fit.coefficients.forEach((value, j) => {
        expect(Math.abs(values[j] - value)).toBeLessThan(1e-8);
      });
    }
  });
});
