import { closeSync, openSync, read as readFrom, readSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unknownColumn } from '../nearest.ts';
import type { Schema } from '../schema/schema.ts';
import type { DiskTable } from '../table/on-disk.ts';
import type { Role, Table, Values } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import { type DiskType, formats, headerBytes } from './npy.ts';

/** A column on disk: its file, and what its cells mean. */
export interface DiskColumn {
  readonly name: string;
  readonly type: DiskType;
  readonly path: string;
  readonly levels?: readonly string[];
}

/** What is known of a table whose columns lie in files. */
export interface DiskFacts {
  readonly schema: Schema;
  readonly rows: number;
  readonly columns: readonly DiskColumn[];
  readonly droppedRows: number;
  readonly warnings: readonly Warning[];
  readonly file: string;
}

const readAsync = promisify(readFrom);

/** So many rows apart, one read of all between two rows is cheaper than two reads. */
const nearRows = 512;

/** Opens the columns' files; rows are all, or those that are given. */
export function diskTable(folder: string, facts: DiskFacts): DiskTable {
  const files = new Map<string, number>();
  const fileOf = ({ name, path }: DiskColumn): number => {
    const open = files.get(name) ?? openSync(join(folder, path), 'r');
    files.set(name, open);
    return open;
  };
  const close = (): void => {
    for (const file of files.values()) closeSync(file);
    files.clear();
  };
  const levels = new Map(
    facts.columns.flatMap(({ name, levels }) => (levels ? [[name, levels]] : [])),
  );

  const chosen = (operation: string, names: readonly string[] | undefined): DiskColumn[] => {
    if (names === undefined) return [...facts.columns];
    return names.map((name) => {
      const column = facts.columns.find((other) => other.name === name);
      if (column !== undefined) return column;
      throw unknownColumn(
        operation,
        name,
        facts.columns.map((c) => c.name),
        { file: facts.file },
      );
    });
  };
  const made = (
    parts: readonly (readonly [DiskColumn, Cells])[],
    rows: number,
    role?: Role,
  ): Table => {
    const columns = new Map(parts.map(([column, cells]) => [column.name, valuesOf(column, cells)]));
    const { schema, droppedRows, warnings, file } = facts;
    const names = [...columns.keys()];
    const own = { ...schema, columns: names.map((n) => schema.columns.find((c) => c.name === n)!) };
    return {
      schema: own,
      rows,
      names,
      columns,
      droppedRows,
      warnings,
      file,
      ...(role && { role }),
    };
  };

  const view = (
    order: Int32Array | undefined,
    role?: Role,
    warnings = facts.warnings,
  ): DiskTable => {
    const rows = order?.length ?? facts.rows;
    const part = (from: number, to: number): Int32Array | undefined => order?.subarray(from, to);
    const check = (operation: string, from: number, to: number): void => {
      if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= rows)
        return;
      throw new RangeError(
        `${operation}: rows must be a range within the ${rows} rows, got ${from} to ${to}; count from 0, the end is not included`,
      );
    };
    const slice: DiskTable['slice'] = (from, to, names) => {
      check('slice', from, to);
      const numbers = part(from, to);
      const columns = chosen('slice', names);
      const cells = columns.map((column) => {
        const file = fileOf(column);
        return [
          column,
          numbers === undefined
            ? run(file, column.type, from, to)
            : scattered(file, column.type, numbers),
        ] as const;
      });
      return made(cells, to - from, role);
    };
    return {
      onDisk: true,
      schema: facts.schema,
      rows,
      names: facts.columns.map(({ name }) => name),
      droppedRows: facts.droppedRows,
      warnings,
      file: facts.file,
      ...(role === undefined ? {} : { role }),
      levels,
      slice,
      gather(numbers, names) {
        const wanted = Int32Array.from(numbers, (i) => {
          if (!(Number.isInteger(i) && i >= 0 && i < rows)) {
            throw new RangeError(`gather: there is no row ${i}; the table has ${rows}`);
          }
          return order === undefined ? i : order[i];
        });
        const cells = chosen('gather', names).map(
          (column) => [column, scattered(fileOf(column), column.type, wanted)] as const,
        );
        return made(cells, wanted.length, role);
      },
      async *blocks(size = 16_384, names) {
        const columns = chosen('blocks', names);
        const ahead = async (from: number): Promise<Table> => {
          const to = Math.min(from + size, rows);
          if (order !== undefined) return slice(from, to, names);
          const cells = await Promise.all(
            columns.map(async (column) => {
              const made = cellsOf(column.type, to - from);
              await readAll(fileOf(column), made, from);
              return [column, made] as const;
            }),
          );
          return made(cells, to - from, role);
        };
        let next = rows > 0 ? ahead(0) : undefined;
        for (let from = 0; next !== undefined; from += size) {
          const block: Table = await next;
          next = from + size < rows ? ahead(from + size) : undefined;
          next?.catch(() => {}); // whoever asks for the block is told
          yield block;
        }
      },
      part: (numbers, as, more = warnings) =>
        view(order === undefined ? numbers : numbers.map((i) => order[i]), as, more),
      close,
    };
  };
  return view(undefined);
}

type Cells = Float64Array | Int32Array | Int8Array;

function cellsOf(type: DiskType, count: number): Cells {
  if (type === 'number') return new Float64Array(count);
  return type === 'category' ? new Int32Array(count) : new Int8Array(count);
}

function valuesOf({ type, levels = [] }: DiskColumn, cells: Cells): Values {
  if (type === 'category') return { type, codes: cells as Int32Array, levels };
  if (type === 'boolean') return { type, values: cells as Int8Array };
  return { type, values: cells as Float64Array };
}

const cutOff = (): Error =>
  new Error(
    'reading a table from disk: a file of its columns was cut off; open it again to rebuild it',
  );

/** Rows from … to of a column. */
function run(file: number, type: DiskType, from: number, to: number): Cells {
  const cells = cellsOf(type, to - from);
  const bytes = new Uint8Array(cells.buffer);
  const start = headerBytes + from * formats[type].bytes;
  for (let at = 0; at < bytes.length; ) {
    const count = readSync(file, bytes, at, bytes.length - at, start + at);
    if (count === 0) throw cutOff();
    at += count;
  }
  return cells;
}

async function readAll(file: number, cells: Cells, from: number): Promise<void> {
  const bytes = new Uint8Array(cells.buffer);
  const start = headerBytes + from * cells.BYTES_PER_ELEMENT;
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await readAsync(file, bytes, at, bytes.length - at, start + at);
    if (bytesRead === 0) throw cutOff();
    at += bytesRead;
  }
}

/** Rows by their numbers: in the order of the file, neighbours together, then put where they belong. */
function scattered(file: number, type: DiskType, numbers: Int32Array): Cells {
  const cells = cellsOf(type, numbers.length);
  const order = Int32Array.from(numbers, (_, i) => i).sort((a, b) => numbers[a] - numbers[b]);
  for (let k = 0; k < order.length; ) {
    let last = k;
    const first = numbers[order[k]];
    while (
      last + 1 < order.length &&
      numbers[order[last + 1]] - numbers[order[last]] < nearRows &&
      numbers[order[last + 1]] - first < 65_536
    ) {
      last++;
    }
    const found = run(file, type, first, numbers[order[last]] + 1);
    for (; k <= last; k++) cells[order[k]] = found[numbers[order[k]] - first];
  }
  return cells;
}
