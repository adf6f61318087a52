import { isThenable, refusal } from '@steepest/ground';
import { isSchema } from '../schema/expect-schema.ts';

/** Tables that were looked at: they are never changed, so once is enough. */
const sound = new WeakSet<object>();

/** Throws a TypeError unless the argument is a table. */
export function expectTable(operation: string, x: unknown): void {
  if (typeof x === 'object' && x !== null) {
    if (sound.has(x)) return;
    if (isTable(x)) {
      sound.add(x);
      return;
    }
  }
  const advice = isThenable(x)
    ? 'await it: await readCsv(file)'
    : 'read one: parseCsv(text), or await readCsv(file)';
  throw refusal(operation, 'expected a table', x, advice);
}

const roles: readonly unknown[] = ['train', 'validation', 'test'];

function isTable(x: object): boolean {
  const { schema, rows, names, columns, warnings, file, role } = x as Readonly<
    Record<string, unknown>
  >;
  return (
    typeof rows === 'number' &&
    Number.isSafeInteger(rows) &&
    rows >= 0 &&
    isSchema(schema) &&
    columns instanceof Map &&
    Array.isArray(names) &&
    names.length === columns.size &&
    names.every((name) => isColumn(columns.get(name), rows)) &&
    Array.isArray(warnings) &&
    (file === undefined || typeof file === 'string') &&
    (role === undefined || roles.includes(role))
  );
}

/** Whether a value is a column with so many cells at least. */
export function isColumn(x: unknown, rows: number): boolean {
  const column = x as Readonly<Record<string, unknown>> | null | undefined;
  switch (column?.type) {
    case 'number':
    case 'date':
      return column.values instanceof Float64Array && column.values.length >= rows;
    case 'boolean':
      return column.values instanceof Int8Array && column.values.length >= rows;
    case 'text':
      return Array.isArray(column.values) && column.values.length >= rows;
    case 'category':
      return column.codes instanceof Int32Array && Array.isArray(column.levels);
    default:
      return false;
  }
}
