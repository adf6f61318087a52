import { expectSchema } from './expect-schema.ts';
import type { NamedColumn, Schema } from './schema.ts';

/**
 * A schema as TypeScript source, to be pasted into a program and kept.
 *
 * @example
 * console.log(formatSchema(proposal.schema));
 * // defineSchema({ x: number(), kind: category(['a', 'b']) }) over several lines
 */
export function formatSchema(schema: Schema): string {
  expectSchema('formatSchema', schema);
  const { columns, target, others } = schema;
  // Objects reorder names such as 10 and 2 and swallow __proto__, so those go in a list of pairs.
  const asPairs = columns.some(({ name }) => /^\d+$/.test(name) || name === '__proto__');
  const lines = columns.map((column) =>
    asPairs
      ? `  [${literal(column.name)}, ${formatColumn(column)}],`
      : `  ${/^[A-Za-z_$][\w$]*$/.test(column.name) ? column.name : literal(column.name)}: ${formatColumn(column)},`,
  );
  const [open, close] = asPairs ? ['[', ']'] : ['{', '}'];
  const options = [
    ...(target === undefined ? [] : [`target: ${literal(target)}`]),
    ...(others === undefined ? [] : [`others: ${literal(others)}`]),
  ];
  const last = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
  return `defineSchema(${open}\n${lines.join('\n')}\n${close}${last})`;
}

function formatColumn(column: NamedColumn): string {
  const options: string[] = [];
  for (const key of ['true', 'false'] as const) {
    if (column.type === 'boolean' && column[key] !== undefined)
      options.push(`${key}: ${list(column[key])}`);
  }
  if (column.type === 'date' && column.format !== undefined)
    options.push(`format: ${literal(column.format)}`);
  if ('missing' in column && column.missing !== undefined) {
    const { tokens, policy } = column.missing;
    const parts = [
      ...(tokens === undefined ? [] : [`tokens: ${list(tokens)}`]),
      ...(policy === undefined ? [] : [`policy: ${literal(policy)}`]),
    ];
    options.push(`missing: { ${parts.join(', ')} }`);
  }
  const last = options.length === 0 ? '' : `{ ${options.join(', ')} }`;
  if (column.type !== 'category') return `${column.type}(${last})`;
  const levels =
    column.levels === undefined ? (last === '' ? '' : 'undefined') : list(column.levels);
  return `category(${[levels, last].filter((part) => part !== '').join(', ')})`;
}

function list(items: readonly string[]): string {
  return `[${items.map(literal).join(', ')}]`;
}

function literal(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}
