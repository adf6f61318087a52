import {
  CsvError,
  columnValues,
  type FittedPreparation,
  oneHot,
  type Preparation,
  prepare,
  standardize,
  type Table,
} from '@steepest/datasets';
import { holesIn } from './columns.ts';

interface Roles {
  readonly features?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly weights?: string | undefined;
  readonly analyticWeights?: string | undefined;
  readonly offset?: string | undefined;
  readonly exposure?: string | undefined;
}

/**
 * Standardized numbers, and a column for each label but the first, which can be told from an intercept.
 * Without an intercept numbers are scaled only, and every label of the first category has a column. Throws a CsvError ('missing') where there are holes: what fills
 * them is for the caller to say.
 */
export function defaultPreparation(
  table: Table,
  {
    target,
    intercept,
    features,
    exclude = [],
    weights,
    analyticWeights,
    offset,
    exposure,
  }: Roles & {
    readonly target: string;
    readonly intercept: boolean;
  },
): Preparation {
  for (const name of exclude) columnValues(table, name, 'fit');
  const used = [target, weights, analyticWeights, offset, exposure, ...exclude];
  const chosen =
    features ??
    table.names.filter((name) => {
      const type = table.columns.get(name)?.type;
      return type !== 'text' && type !== 'date' && !used.includes(name);
    });
  for (const name of chosen) refuseHoles(table, name);
  const steps = [standardize({ centre: intercept }), oneHot({ dropFirst: intercept })];
  return prepare(steps, { target, features: chosen });
}

function refuseHoles(table: Table, name: string): void {
  const column = columnValues(table, name, 'fit');
  const holes = holesIn(column);
  if (holes === 0) return;
  throw new CsvError({
    operation: 'fit',
    reason: 'missing',
    file: table.file,
    column: name,
    problem: `${holes} of ${table.rows} rows have no value`,
    advice:
      "say what fills them: preparation: prepare([impute('median'), standardize(), oneHot({ dropFirst: true })])",
  });
}

/** Throws where the target, the weights or the exposure are among the features. */
export function refuseAsFeature(
  preparation: FittedPreparation,
  target: string,
  roles: Roles,
): void {
  const { weights, analyticWeights, offset, exposure } = roles;
  const inUse = {
    'the target': target,
    'the weights': weights ?? analyticWeights,
    'the offset': offset,
    'the exposure': exposure,
  };
  for (const [role, column] of Object.entries(inUse)) {
    if (column === undefined || !preparation.features.includes(column)) continue;
    throw new CsvError({
      operation: 'fit',
      reason: 'target-in-features',
      column,
      problem: `the column is ${role} and a feature too`,
      advice: 'list the features without it: prepare(steps, { features })',
    });
  }
}

/** What was put in place of a missing target is no target to learn from. */
export function refuseFilledTarget(table: Table, target: string): void {
  const filled = table.warnings.find(({ kind, column }) => kind === 'imputed' && column === target);
  if (filled === undefined) return;
  const { count = 1 } = filled;
  throw new CsvError({
    operation: 'fit',
    reason: 'missing',
    file: table.file,
    column: target,
    problem: `${count} of its values ${count === 1 ? 'was' : 'were'} filled in while reading, and a target must not be made up`,
    advice: "drop such rows instead: missing: { policy: 'drop' }",
  });
}
