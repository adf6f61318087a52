import type { Table } from '@steepest/datasets';
import {
  gammaRegression,
  linearRegression,
  logisticRegression,
  type PenaltyOptions,
  type Problem,
  poissonRegression,
  probitRegression,
  softmaxRegression,
} from '@steepest/models';
import { Refusal } from '../usage/errors.ts';
import { unknown } from '../usage/given.ts';

export type FamilyName = 'linear' | 'logistic' | 'softmax' | 'poisson' | 'gamma' | 'probit';

const makers: Readonly<Record<FamilyName, (options: PenaltyOptions) => Problem>> = {
  linear: linearRegression,
  logistic: logisticRegression,
  softmax: softmaxRegression,
  poisson: poissonRegression,
  gamma: gammaRegression,
  probit: probitRegression,
};

export const familyNames: readonly FamilyName[] = [
  'linear',
  'logistic',
  'softmax',
  'poisson',
  'gamma',
  'probit',
];

export function problemOf(family: FamilyName, penalty: PenaltyOptions): Problem {
  return makers[family](penalty);
}

/** Whether the target is labels, which are to be spread evenly over parts. */
export function isLabelled(family: FamilyName): boolean {
  return family === 'logistic' || family === 'softmax' || family === 'probit';
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
