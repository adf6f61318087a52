import { asTraining, type Table } from '@steepest/datasets';
import { fit, type WarningKind } from '@steepest/models';
import { familyFor, problemOf } from './families.ts';
import { featuresFor } from './features.ts';

const allowed: readonly WarningKind[] = ['rank-deficient', 'constant-target', 'constant-column'];

/** What a fit of all rows would warn of: ids, leaks, collinear columns, imbalance; or why there is none. */
export async function trialWarnings(
  table: Table,
  target: string,
  signal: AbortSignal,
): Promise<string[]> {
  const family = familyFor(table, target);
  try {
    const { preparation } = featuresFor(table, {
      target,
      features: undefined,
      exclude: undefined,
      others: [],
    });
    const fitted = await fit(problemOf(family, {}), asTraining(table), {
      target,
      preparation,
      allow: allowed,
      signal,
    });
    return fitted.warnings.map(({ message }) => message);
  } catch (error) {
    if (signal.aborted) throw error;
    return [error instanceof Error ? error.message : String(error)];
  }
}
