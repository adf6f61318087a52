import { refusal } from '@steepest/ground';

/** The types that a column may be declared as. */
export const columnTypes = ['number', 'category', 'boolean', 'date', 'text', 'ignored'] as const;

const sound = new WeakSet<object>();

/** Throws a TypeError unless the argument is a schema. */
export function expectSchema(operation: string, x: unknown): void {
  if (isSchema(x)) return;
  throw refusal(
    operation,
    'expected a schema',
    x,
    "declare one: defineSchema({ x: number() }, { target: 'x' })",
  );
}

export function isSchema(x: unknown): boolean {
  if (typeof x !== 'object' || x === null) return false;
  if (sound.has(x)) return true;
  const { columns, target } = x as Readonly<Record<string, unknown>>;
  const fits =
    Array.isArray(columns) &&
    columns.every((column) => typeof column?.name === 'string' && isColumnType(column.type)) &&
    (target === undefined || typeof target === 'string');
  if (fits) sound.add(x);
  return fits;
}

export function isColumnType(type: unknown): boolean {
  return (columnTypes as readonly unknown[]).includes(type);
}
