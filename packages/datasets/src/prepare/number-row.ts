import { columnIn, type Schema } from '../schema/schema.ts';
import type { FittedStep } from '../steps/frame.ts';
import { numberIn, type RawRow } from './row.ts';

/** The features of one raw row; undefined for a row that has to be read cell by cell. */
export type NumberRow = (row: RawRow) => Float64Array | undefined;

/**
 * A short way for rows of numbers through steps that only rescale: the same operations on each, so the same
 * bits, without a table of one row. undefined where there is none.
 */
export function numberRow(
  schema: Schema,
  features: readonly string[],
  steps: readonly FittedStep[],
): NumberRow | undefined {
  const columns = features.map((name) => columnIn(schema, name));
  if (!columns.every((column) => column?.type === 'number' && !column.missing?.tokens)) {
    return undefined;
  }
  // Every feature's shifts and scales, one step after the other.
  const rules: number[][] = features.map(() => []);
  for (const { rescaled } of steps) {
    if (rescaled === undefined) return undefined;
    features.forEach((name, j) => {
      const rule = rescaled.get(name);
      if (rule !== undefined) rules[j].push(rule.shift, rule.scale);
    });
  }
  return (row) => {
    const x = new Float64Array(features.length);
    for (let j = 0; j < x.length; j++) {
      let value = numberIn(row, features[j]);
      if (value === undefined) return undefined;
      const rule = rules[j];
      for (let k = 0; k < rule.length; k += 2) value = (value - rule[k]) / rule[k + 1];
      if (value - value !== 0) return undefined; // for the long way to refuse
      x[j] = value;
    }
    return x;
  };
}
