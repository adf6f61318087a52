import { advised, type Option, oneOf, show } from '@steepest/ground';
import { type MissingPolicy, missingPolicies } from '../schema/column.ts';
import type { NamedColumn } from '../schema/schema.ts';

const policies: readonly string[] = missingPolicies;

/** What missing cells do. */
export const policyOption: Option<MissingPolicy, 'optional'> = advised(
  oneOf(missingPolicies),
  "to fill holes in other ways, read with 'keep' and use impute()",
);

/** The decimal mark of numbers. */
export const decimalOption: Option<'.' | ',', 'optional'> = oneOf(['.', ',']);

/** Throws a TypeError for a column whose own policy does not exist, or does not suit its type. */
export function checkPolicy(operation: string, column: NamedColumn): void {
  const policy = column.type === 'ignored' ? undefined : column.missing?.policy;
  if (policy === undefined) return;
  const allowed = column.type === 'number' ? policies : policies.slice(0, 3);
  if (allowed.includes(policy)) return;
  throw wrongPolicy(operation, `the missing policy of "${column.name}"`, policy, allowed);
}

function wrongPolicy(
  operation: string,
  what: string,
  found: unknown,
  allowed: readonly string[],
): TypeError {
  const words = allowed.map((policy) => `'${policy}'`).join(', ');
  return new TypeError(
    `${operation}: ${what} must be one of ${words}, got ${show(found)}; to fill holes in other ways, read with 'keep' and use impute()`,
  );
}
