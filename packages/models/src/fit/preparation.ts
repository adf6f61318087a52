import {
  CsvError,
  type FittedPreparation,
  oneHot,
  type Preparation,
  prepare,
  standardize,
  type Table,
} from '@steepest/datasets';

interface Roles {
  readonly features?: readonly string[] | undefined;
  readonly weights?: string | undefined;
  readonly exposure?: string | undefined;
}

/**
 * Standardized numbers, and a column for each label but the first: what gradient methods like, and
 * what can be told from an intercept.
 */
export function defaultPreparation(
  table: Table,
  { target, features, weights, exposure }: Roles & { readonly target: string },
): Preparation {
  const used = [target, weights, exposure];
  const chosen =
    features ??
    table.names.filter((name) => table.columns.get(name)?.type !== 'text' && !used.includes(name));
  return prepare([standardize(), oneHot({ dropFirst: true })], { target, features: chosen });
}

/** Throws where the target, the weights or the exposure are among the features. */
export function refuseAsFeature(
  preparation: FittedPreparation,
  target: string,
  roles: Roles,
): void {
  const { weights, exposure } = roles;
  const inUse = { 'the target': target, 'the weights': weights, 'the exposure': exposure };
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
