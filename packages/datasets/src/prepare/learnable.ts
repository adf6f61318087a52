import type { Later } from '@steepest/ground';
import { columnOf, type Schema } from '../schema/schema.ts';
import type { Facts } from '../steps/facts.ts';
import { factsOf, factsOfFrame } from '../steps/frame-facts.ts';
import { chunkRows } from '../steps/moments.ts';
import { type DiskTable, isOnDisk } from '../table/on-disk.ts';
import { columnValues, type Role, type Table, type Values } from '../table/table.ts';
import { toFrame } from './to-frame.ts';

/** Rows that a preparation can be fitted on, wherever they are: a table is made one, others are one. */
export interface Learnable {
  readonly schema: Schema;
  readonly names: readonly string[];
  readonly rows: number;
  readonly role?: Role | undefined;
  readonly file?: string | undefined;
  /** What a column holds; undefined if there is none of that name. */
  type(name: string): Values['type'] | undefined;
  /** The levels of a category column, in their order. */
  levels(name: string): Later<readonly string[]>;
  /** What steps may ask of these columns. */
  facts(features: readonly string[]): Later<Facts>;
}

/** Whether rows answer questions themselves. */
export function isLearnable(x: unknown): x is Learnable {
  const { facts, levels, type } = (x ?? {}) as Partial<Learnable>;
  return [facts, levels, type].every((f) => typeof f === 'function');
}

export function learnable(rows: Table | DiskTable | Learnable): Learnable {
  if (isLearnable(rows)) return rows;
  return isOnDisk(rows) ? onDisk(rows) : inMemory(rows as Table);
}

function inMemory(table: Table): Learnable {
  return {
    ...about(table),
    type: (name) => table.columns.get(name)?.type,
    levels(name) {
      const column = columnValues(table, name, 'fit');
      return column.type === 'category' ? column.levels : [];
    },
    facts: (features) => factsOfFrame(toFrame(table, features, table.schema)),
  };
}

function onDisk(table: DiskTable): Learnable {
  const type = (name: string): Values['type'] | undefined => {
    const found = table.names.includes(name) ? columnOf(table.schema, name)?.type : undefined;
    return found === 'ignored' ? undefined : found;
  };
  const each = async (visit: (block: Table) => void, names: readonly string[]): Promise<void> => {
    for await (const { table: block } of table.scan(chunkRows, names)) visit(block);
  };
  return {
    ...about(table),
    type,
    levels: (name) => table.levels.get(name) ?? [],
    facts: (features) =>
      factsOf({
        rows: table.rows,
        file: table.file,
        head: toFrame(table.slice(0, 0, features), features, table.schema),
        each: (visit, names) =>
          each(
            (block) => {
              visit(toFrame(block, names, table.schema));
            },
            names.filter((name) => features.includes(name)),
          ),
      }),
  };
}

function about({ schema, names, rows, role, file }: Table | DiskTable) {
  return { schema, names, rows, role, file };
}
