import { unknownColumn } from '../nearest.ts';
import { range } from '../random/shuffle.ts';
import type { Schema } from '../schema/schema.ts';
import { chunkRows } from '../steps/moments.ts';
import type { DiskTable, Scanned } from '../table/on-disk.ts';
import { printed } from '../table/printed.ts';
import type { Role, Table, Values } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import { ColumnFiles, type DiskColumn } from './column-files.ts';
import { isSorted, type Places, placesInFile } from './places.ts';

/** What is known of a table whose columns lie in files. */
export interface DiskFacts {
  readonly schema: Schema;
  readonly rows: number;
  readonly columns: readonly DiskColumn[];
  readonly droppedRows: number;
  readonly warnings: readonly Warning[];
  readonly file: string;
}

/** Opens the columns' files as a table of all their rows. */
export function diskTable(folder: string, facts: DiskFacts): DiskTable {
  return new ColumnsOnDisk(facts, new ColumnFiles(folder), { warnings: facts.warnings });
}

/** Which rows, in which order; what for. */
interface View {
  /** All rows of the file unless given. */
  readonly order?: Int32Array | undefined;
  readonly role?: Role | undefined;
  readonly warnings: readonly Warning[];
}

type Named = readonly (readonly [DiskColumn, Values])[];

class ColumnsOnDisk implements DiskTable {
  readonly onDisk = true;
  readonly schema: Schema;
  readonly rows: number;
  readonly names: readonly string[];
  readonly droppedRows: number;
  readonly warnings: readonly Warning[];
  readonly file: string;
  readonly role?: Role;
  readonly levels: ReadonlyMap<string, readonly string[]>;
  readonly #facts: DiskFacts;
  readonly #files: ColumnFiles;
  readonly #order: Int32Array | undefined;
  #places: Places | undefined;

  constructor(facts: DiskFacts, files: ColumnFiles, { order, role, warnings }: View) {
    this.#facts = facts;
    this.#files = files;
    this.#order = order;
    this.schema = facts.schema;
    this.rows = order?.length ?? facts.rows;
    this.names = facts.columns.map(({ name }) => name);
    this.droppedRows = facts.droppedRows;
    this.warnings = warnings;
    this.file = facts.file;
    if (role !== undefined) this.role = role;
    this.levels = new Map(
      facts.columns.flatMap(({ name, levels }) => (levels ? [[name, levels]] : [])),
    );
  }

  slice(from: number, to: number, names?: readonly string[]): Table {
    const whole = Number.isInteger(from) && Number.isInteger(to);
    if (!(whole && from >= 0 && from <= to && to <= this.rows)) {
      throw new RangeError(
        `slice: rows must be a range within the ${this.rows} rows, got ${from} to ${to}; count from 0, the end is not included`,
      );
    }
    if (this.#order !== undefined) return this.#gathered(this.#order.subarray(from, to), names);
    const columns = this.#chosen('slice', names);
    return this.#table(
      columns.map((column) => [column, this.#files.run(column, from, to)] as const),
      to - from,
    );
  }

  gather(numbers: ArrayLike<number>, names?: readonly string[]): Table {
    const wanted = new Int32Array(numbers.length);
    for (let k = 0; k < wanted.length; k++) {
      const i = numbers[k];
      if (!(Number.isInteger(i) && i >= 0 && i < this.rows)) {
        throw new RangeError(`gather: there is no row ${i}; the table has ${this.rows}`);
      }
      wanted[k] = this.#order === undefined ? i : this.#order[i];
    }
    return this.#gathered(wanted, names);
  }

  #gathered(wanted: Int32Array, names: readonly string[] | undefined): Table {
    const order = isSorted(wanted) ? range(wanted.length) : inOrder(wanted);
    const columns = this.#chosen('gather', names);
    return this.#table(
      columns.map((column) => [column, this.#files.scattered(column, wanted, order)] as const),
      wanted.length,
    );
  }

  async *blocks(size: number = chunkRows, names?: readonly string[]): AsyncIterable<Table> {
    this.#chosen('blocks', names);
    if (this.#order === undefined) {
      yield* this.#run(size, (from, to) => this.#ahead(from, to, names));
    } else
      for (let i = 0; i < this.rows; i += size)
        yield this.slice(i, Math.min(i + size, this.rows), names);
  }

  async *scan(size: number = chunkRows, names?: readonly string[]): AsyncIterable<Scanned> {
    // Two places in turn: one is worked on while the other is read into.
    const height = Math.min(size, this.#facts.rows);
    const rooms = [0, 1].map(() =>
      this.#chosen('scan', names).map(() => new ArrayBuffer(8 * height)),
    );
    let turn = 0;
    const read = (from: number, to: number) => this.#ahead(from, to, names, rooms[turn++ % 2]);
    if (this.#order !== undefined) {
      this.#places ??= placesInFile(this.#order, this.#facts.rows);
      yield* this.#places.each(size, read);
      return;
    }
    let from = 0;
    for await (const table of this.#run(size, read)) {
      yield { table, from };
      from += table.rows;
    }
  }

  /** All rows of the file in blocks, the next one read while one is worked on. */
  async *#run(
    size: number,
    read: (from: number, to: number) => Promise<Table>,
  ): AsyncIterable<Table> {
    const { rows } = this.#facts;
    const ahead = (from: number) => read(from, Math.min(from + size, rows));
    let next = rows > 0 ? ahead(0) : undefined;
    for (let from = 0; next !== undefined; from += size) {
      const block: Table = await next;
      next = from + size < rows ? ahead(from + size) : undefined;
      next?.catch(() => {}); // whoever asks for the block is told
      yield block;
    }
  }

  async #ahead(
    from: number,
    to: number,
    names: readonly string[] | undefined,
    rooms: readonly ArrayBuffer[] = [],
  ): Promise<Table> {
    const columns = this.#chosen('blocks', names);
    const values = await Promise.all(
      columns.map(
        async (column, k) => [column, await this.#files.ahead(column, from, to, rooms[k])] as const,
      ),
    );
    return this.#table(values, to - from);
  }

  part(rows: Int32Array | undefined, role?: Role, warnings = this.warnings): DiskTable {
    const order = this.#order;
    const numbers =
      rows === undefined ? order : order === undefined ? rows : rows.map((i) => order[i]);
    return new ColumnsOnDisk(this.#facts, this.#files, { order: numbers, role, warnings });
  }

  close(): void {
    this.#files.close();
  }

  #chosen(operation: string, names: readonly string[] | undefined): readonly DiskColumn[] {
    const { columns, file } = this.#facts;
    if (names === undefined) return columns;
    return names.map((name) => {
      const column = columns.find((other) => other.name === name);
      if (column !== undefined) return column;
      throw unknownColumn(operation, name, this.names, { file });
    });
  }

  #table(parts: Named, rows: number): Table {
    const { schema, droppedRows, file } = this.#facts;
    const columns = new Map(parts.map(([{ name }, values]) => [name, values]));
    const names = [...columns.keys()];
    const own = { ...schema, columns: names.map((n) => schema.columns.find((c) => c.name === n)!) };
    const { warnings, role } = this;
    return printed({
      schema: own,
      rows,
      names,
      columns,
      droppedRows,
      warnings,
      file,
      ...(role && { role }),
    });
  }
}

/** The places of row numbers in ascending order: each number beside its place in one double. */
function inOrder(numbers: Int32Array): Int32Array {
  const count = numbers.length;
  const keys = new Float64Array(count);
  for (let place = 0; place < count; place++) keys[place] = numbers[place] * count + place;
  keys.sort();
  const order = new Int32Array(count);
  for (let k = 0; k < count; k++) order[k] = keys[k] % count;
  return order;
}
