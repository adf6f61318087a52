import type { Table } from '@steepest/datasets';
import {
  linearRegression,
  logisticRegression,
  type Problem,
  poissonRegression,
  softmaxRegression,
} from '@steepest/models';
import { Refusal } from '../usage/errors.ts';
import { unknown } from '../usage/given.ts';

export type FamilyName = 'linear' | 'logistic' | 'softmax' | 'poisson';

const makers: Readonly<Record<FamilyName, (options: { readonly l2?: number }) => Problem>> = {
  linear: linearRegression,
  logistic: logisticRegression,
  softmax: softmaxRegression,
  poisson: poissonRegression,
};

export const familyNames: readonly FamilyName[] = ['linear', 'logistic', 'softmax', 'poisson'];

export function problemOf(family: FamilyName, l2: number): Problem {
  return makers[family](l2 === 0 ? {} : { l2 });
}

/** Whether the target is labels, which are to be spread evenly over parts. */
export function isLabelled(family: FamilyName): boolean {
  return family === 'logistic' || family === 'softmax';
}

/** The family that suits the type of the target: numbers, two labels, more labels. */
export function familyFor(table: Table, target: string): FamilyName {
  const column = table.columns.get(target);
  if (column === undefined) {
    throw new Refusal(`--target: ${unknown(target, table.names)}`);
  }
  switch (column.type) {
    case 'number':
      return holdsTwo(column.values) ? 'logistic' : 'linear';
    case 'boolean':
      return 'logistic';
    case 'category':
      return new Set(column.codes).size > 2 ? 'softmax' : 'logistic';
    default:
      throw new Refusal(
        `${table.file ?? 'the file'}: the target ${JSON.stringify(target)} is ${column.type}, which no family predicts; declare it by --schema, or choose another`,
      );
  }
}

/** Numbers that are 0 or 1, both of them. */
function holdsTwo(values: Float64Array): boolean {
  let [zeros, ones] = [0, 0];
  for (const value of values) {
    if (value === 0) zeros++;
    else if (value === 1) ones++;
    else return false;
  }
  return zeros > 0 && ones > 0;
}
