import { oneOf, type Spec, settle } from '@steepest/ground';
import { quoted } from '../error.ts';
import { decimalOption } from '../reading/check-options.ts';
import { nameOf, type TableOptions, tableSpec } from '../reading/options.ts';
import { TableBuilder, type Taker } from '../reading/table-builder.ts';
import type { Columns } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import type { Cells } from './cells.ts';
import type { cellsFor } from './cells-for.ts';
import { hasLane, type LaneKind, laneDoor } from './lane/door.ts';
import { type LaneDoor, type RecordOptions, RecordReader, recordSpec } from './record-reader.ts';
import { adoptParts, type Part, type Shared, sharedColumns } from './shared.ts';

/** How a CSV file is read; without a schema every column holds strict numbers. */
export interface ReadOptions<C extends Columns = Columns> extends TableOptions<C>, RecordOptions {
  /** The decimal mark of number columns, '.' unless given. */
  readonly decimal?: '.' | ',';
  /**
   * How plain lines are read, always with the same result: by WebAssembly where there is any, by the same
   * in plain TypeScript, or by csv-parse, the reference, which reads all other lines in any case.
   */
  readonly lane?: LaneKind;
}

export const readSpec: Spec<ReadOptions> = {
  ...tableSpec,
  ...recordSpec,
  decimal: decimalOption,
  lane: oneOf(['wasm', 'plain', 'reference']),
};

/** Records in, a table out: each cell is raw text. */
export class TableReader<C extends Columns> {
  readonly #options: ReadOptions<C>;
  readonly #records: RecordReader;
  readonly #table: TableBuilder<C, string>;
  #cells: readonly (Cells | undefined)[] = [];
  #pushed = 0;

  /** `collect` makes the collector of a column; cellsFor unless something else is to be known. */
  constructor(given: ReadOptions<C>, name = 'readCsv', collect?: typeof cellsFor) {
    settle(nameOf(given, name), given, readSpec);
    const options = { operation: name, ...given };
    this.#options = options;
    const comma = options.decimal === ',';
    this.#table = new TableBuilder(options, { collect, taker: rawTaker, comma });
    this.#records = new RecordReader(options, {
      expects: (names) => this.#expects(names),
      header: (names) => this.#begin(names),
      record: (fields, line) => {
        this.#table.at = line;
        this.#table.take(fields);
      },
      isFull: () => this.#table.rows === options.limit,
      lane: hasLane(options) ? this.#door() : undefined,
    });
  }

  /** How many rows are stored: those before are settled. */
  get rows(): number {
    return this.#table.rows;
  }

  /** Takes the next bytes; false where no more are wanted. */
  push(chunk: Uint8Array): boolean {
    this.#pushed += chunk.length;
    this.#records.push(chunk);
    this.tick(this.rows, this.#pushed);
    return this.rows !== this.#options.limit;
  }

  /** Tells how far reading has come; throws if it is to end. */
  tick(rows: number, bytes: number): void {
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.({ rows, bytes });
  }

  /** Makes room at once for what a file of `size` bytes will hold, judged by the rows so far. */
  expect(size: number): void {
    const rows = this.#rowsIn(size);
    if (rows > this.rows) for (const { cells } of this.#table.columns) cells.reserve(rows);
  }

  /** How many bytes of the file are in the table. */
  get #taken(): number {
    return this.#pushed - this.#records.waiting;
  }

  /** About how many rows a file of `size` bytes has, rather more than fewer; 0 if nobody knows yet. */
  #rowsIn(size: number): number {
    const taken = this.#taken;
    const each = taken / this.rows;
    return this.rows === 0 ? 0 : Math.ceil(this.rows + (1.03 * (size - taken)) / each) + 64;
  }

  /** Parts the rest of a file of `size` bytes among threads; undefined if that cannot be done. */
  share(size: number): Shared | undefined {
    if (!this.#records.isPlain || this.#options.limit !== undefined) return undefined;
    const capacity = this.#rowsIn(size);
    const columns = sharedColumns(this.#table, this.#cells, capacity);
    if (columns === undefined) return undefined;
    const { delimiter = ',', decimal = '.', lane } = this.#options;
    return {
      columns,
      capacity,
      options: { delimiter, decimal, ...(lane === undefined ? {} : { lane }) },
      rows: this.rows,
      line: this.#records.nextLine,
      position: this.#taken,
    };
  }

  /** Takes over what threads have read: rows up to `rows`, lines up to the file's `position`. */
  adopt(
    done: { rows: number; lines: number; dropped: number; position: number },
    parts: readonly Part[],
  ): void {
    this.#table.rows = done.rows;
    this.#table.dropped += done.dropped;
    this.#pushed = done.position;
    this.#records.skip(done.lines);
    adoptParts(this.#table, this.#cells, parts);
  }

  end(): Table<C> {
    this.#records.end();
    return this.#table.end(this.#records.warnings);
  }

  #door(): LaneDoor {
    const table = this.#table;
    return laneDoor(this.#options, {
      columns: () => this.#cells,
      rows: () => table.rows,
      most: this.#options.limit ?? Number.POSITIVE_INFINITY,
      rowBytes: () => this.#taken / table.rows,
      stored: (rows, dropped) => {
        table.rows += rows;
        table.dropped += dropped;
      },
      at: (line) => {
        table.at = line;
      },
    });
  }

  /** Whether all of these names were declared before the file was opened. */
  #expects(names: readonly string[]): boolean {
    const { schema, columns } = this.#options;
    if (typeof schema === 'function') return false;
    const declared = new Set(schema?.columns.map((column) => column.name) ?? columns);
    return names.every((name) => declared.has(name));
  }

  #begin(names: readonly string[]): void {
    this.#table.begin(names);
    const cells = new Array<Cells | undefined>(names.length).fill(undefined);
    for (const column of this.#table.columns) cells[column.index] = column.cells;
    this.#cells = cells;
  }
}

/** Raw text goes to the collector as it is. */
function rawTaker(cells: Cells): Taker<string> {
  return {
    put: (row, raw) => cells.put(row, raw),
    explain(raw) {
      const { problem, ...others } = cells.explain(raw);
      return { ...others, raw, problem: `got ${quoted(raw)}, which ${problem}` };
    },
  };
}
