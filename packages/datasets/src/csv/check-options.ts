import type { MissingPolicy } from '../schema/column.ts';
import type { NamedColumn } from '../schema/schema.ts';

const policies: readonly string[] = ['error', 'drop', 'keep', 'mean'];

/** Throws a TypeError for an option that the compiler would have refused: a typo must not be a guess. */
export function checkOptions(
  operation: string,
  options: {
    readonly schema?: unknown;
    readonly columns?: readonly string[];
    readonly missing?: MissingPolicy;
    readonly decimal?: string | undefined;
  },
): void {
  const { schema, columns, missing, decimal } = options;
  if (missing !== undefined && !policies.includes(missing)) {
    throw wrongPolicy(operation, 'missing', missing, policies);
  }
  if (decimal !== undefined && decimal !== '.' && decimal !== ',') {
    throw new TypeError(
      `${operation}: decimal must be '.' or ',', found ${JSON.stringify(decimal)}`,
    );
  }
  if (schema !== undefined && columns !== undefined) {
    throw new TypeError(
      `${operation}: found both schema and columns, expected one of them; declare others: 'ignore' in the schema to read some columns only`,
    );
  }
}

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
  found: string,
  allowed: readonly string[],
): TypeError {
  const words = allowed.map((policy) => `'${policy}'`).join(', ');
  return new TypeError(
    `${operation}: ${what} must be one of ${words}, found ${JSON.stringify(found)}; to fill holes in other ways, read with 'keep' and use impute()`,
  );
}
