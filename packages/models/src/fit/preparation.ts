import {
  CsvError,
  type FittedPreparation,
  oneHot,
  type Preparation,
  prepare,
  standardize,
} from '@steepest/datasets';
import { type Asking, got } from '@steepest/ground';
import type { Rows } from '../rows/rows.ts';

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
 * Without an intercept numbers are scaled only, and every label of the first category has a column.
 */
export function defaultPreparation(
  rows: Rows,
  { intercept, ...roles }: Roles & { readonly target: string; readonly intercept: boolean },
): Preparation {
  const steps = [standardize({ centre: intercept }), oneHot({ dropFirst: intercept })];
  return prepare(steps, { target: roles.target, features: defaultFeatures(rows, roles) });
}

/** The columns that are listed, or all that are neither text nor dates and have no other role. */
export function defaultFeatures(
  rows: Rows,
  {
    target,
    features,
    exclude = [],
    weights,
    analyticWeights,
    offset,
    exposure,
  }: Roles & { readonly target: string },
): readonly string[] {
  if (features !== undefined) return features;
  const used = [target, weights, analyticWeights, offset, exposure, ...exclude];
  return rows.names.filter((name) => {
    const type = rows.type(name);
    return type !== 'text' && type !== 'date' && !used.includes(name);
  });
}

/** Throws where one of these columns has holes, with how many they are. */
export function* refuseHoles(rows: Rows, names: readonly string[]): Asking<void> {
  const found = yield* got(rows.holes(names));
  const first = found.findIndex((count) => count > 0);
  if (first < 0) return;
  throw new CsvError({
    operation: 'fit',
    reason: 'missing',
    file: rows.file,
    column: names[first],
    problem: `${found[first]} of ${rows.rows} rows have no value`,
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
export function refuseFilledTarget(rows: Rows, target: string): void {
  const filled = rows.warnings.find(({ kind, column }) => kind === 'imputed' && column === target);
  if (filled === undefined) return;
  const { count = 1 } = filled;
  throw new CsvError({
    operation: 'fit',
    reason: 'missing',
    file: rows.file,
    column: target,
    problem: `${count} of its values ${count === 1 ? 'was' : 'were'} filled in while reading, and a target must not be made up`,
    advice: "drop such rows instead: missing: { policy: 'drop' }",
  });
}
