import { show } from '@steepest/ground';
import { dateFormat } from '../date-format.ts';
import { missingPolicies } from './column.ts';
import { columnTypes, isColumnType } from './expect-schema.ts';
import type { NamedColumn, Schema } from './schema.ts';

/**
 * Checks that a value from a JSON file is a schema, and gives back a copy with nothing else in it.
 * Throws a TypeError that names the first wrong part.
 *
 * @example
 * schemaFromJSON(JSON.parse(JSON.stringify(schema))) // equal to schema
 * schemaFromJSON({ columns: [{ name: 'x', type: 'dates' }] }) // throws: columns[0].type …
 */
export function schemaFromJSON(json: unknown): Schema {
  const { columns, target, others } = record(json, 'schema');
  if (!Array.isArray(columns)) throw wrong('schema.columns', 'a list', columns);
  const checked = columns.map((column, i) => columnFromJSON(column, `schema.columns[${i}]`));
  const names = new Set(checked.map((column) => column.name));
  if (names.size < checked.length) throw wrong('schema.columns', 'distinct names', 'a name twice');
  if (target !== undefined && !(typeof target === 'string' && names.has(target))) {
    throw wrong('schema.target', 'the name of a column', target);
  }
  if (others !== undefined && others !== 'error' && others !== 'ignore') {
    throw wrong('schema.others', '"error" or "ignore"', others);
  }
  return {
    columns: checked,
    ...(typeof target === 'string' ? { target } : {}),
    ...(others === undefined ? {} : { others }),
  };
}

function columnFromJSON(json: unknown, path: string): NamedColumn {
  const column = record(json, path);
  if (typeof column.name !== 'string') throw wrong(`${path}.name`, 'text', column.name);
  if (!isColumnType(column.type)) throw wrong(`${path}.type`, columnTypes.join(', '), column.type);
  const copy: Record<string, unknown> = { name: column.name, type: column.type };
  for (const key of ['levels', 'true', 'false']) {
    if (column[key] !== undefined) copy[key] = texts(column[key], `${path}.${key}`);
  }
  if (column.format !== undefined) {
    if (!dateFormat.accepts(column.format))
      throw wrong(`${path}.format`, dateFormat.expected, column.format);
    copy.format = column.format;
  }
  if (column.missing !== undefined) {
    const { tokens, policy } = record(column.missing, `${path}.missing`);
    if (policy !== undefined && !(missingPolicies as readonly unknown[]).includes(policy)) {
      throw wrong(`${path}.missing.policy`, missingPolicies.join(', '), policy);
    }
    copy.missing = {
      ...(tokens === undefined ? {} : { tokens: texts(tokens, `${path}.missing.tokens`) }),
      ...(policy === undefined ? {} : { policy }),
    };
  }
  return copy as unknown as NamedColumn; // each field was checked above
}

/** The value as an object with unknown fields, or an error that names the path. */
export function record(json: unknown, path: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw wrong(path, 'an object', json);
  }
  return json as Record<string, unknown>;
}

/** The value as a list of strings, or an error that names the path. */
export function texts(json: unknown, path: string): string[] {
  if (!Array.isArray(json) || !json.every((item) => typeof item === 'string')) {
    throw wrong(path, 'a list of texts', json);
  }
  return [...json];
}

/** The value as a finite number, or an error that names the path. */
export function finite(json: unknown, path: string): number {
  if (typeof json !== 'number' || !Number.isFinite(json))
    throw wrong(path, 'a finite number', json);
  return json;
}

/** The error for a part of a saved file that is not what it must be. */
export function wrong(path: string, expected: string, found: unknown): TypeError {
  return new TypeError(
    `loading: ${path} must be ${expected}, got ${show(found)}; the file is damaged`,
  );
}
