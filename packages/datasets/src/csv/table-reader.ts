import {
  isCallable,
  oneOf,
  option,
  type Spec,
  settle,
  signal,
  wholeNumber,
} from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { CsvError, quoted } from '../error.ts';
import { unknownColumn } from '../nearest.ts';
import type { MissingPolicy } from '../schema/column.ts';
import { expectSchema, isSchema } from '../schema/expect-schema.ts';
import type { Columns, NamedColumn, Schema } from '../schema/schema.ts';
import { printed } from '../table/printed.ts';
import type { Table, Values } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import { type CellContext, type Cells, DROPPED, REFUSED } from './cells.ts';
import { cellsFor } from './cells-for.ts';
import { checkPolicy, decimalOption, policyOption } from './check-options.ts';
import { hasLane, type LaneKind, type LaneOptions, laneDoor } from './lane/door.ts';
import { type LaneDoor, type RecordOptions, RecordReader, recordSpec } from './record-reader.ts';

/** How a file is read; without a schema every column holds strict numbers. */
export interface ReadOptions<C extends Columns = Columns> extends RecordOptions {
  /** The columns, or what makes them once the names in the header are known. */
  readonly schema?: Schema<C> | ((names: readonly string[]) => Schema<C>);
  /** The columns to read; the others may hold anything. */
  readonly columns?: readonly string[];
  /** What to do with missing cells of columns that do not say; 'error' unless given. */
  readonly missing?: MissingPolicy;
  /** The decimal mark of number columns, '.' unless given. */
  readonly decimal?: '.' | ',';
  /**
   * How plain lines are read, always with the same result: by WebAssembly where there is any, by the same
   * in plain TypeScript, or by csv-parse, the reference, which reads all other lines in any case.
   */
  readonly lane?: LaneKind;
  /** Reading ends after so many rows; what follows is not looked at. */
  readonly limit?: number;
  /** Ends reading early, with the signal's reason as the error. */
  readonly signal?: AbortSignal;
  /** Told from time to time how far reading has come: rows stored, bytes taken. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

export interface ReadProgress {
  readonly rows: number;
  readonly bytes: number;
}

export const readSpec: Spec<ReadOptions> = {
  ...recordSpec,
  schema: option<Schema | ((names: readonly string[]) => Schema)>({
    expected: 'a schema, or a function from the names in the header to one',
    accepts: (x) => isSchema(x) || isCallable(x),
    sample: "defineSchema({ x: number() }, { target: 'x' })",
  }),
  columns: columnNames,
  missing: policyOption,
  decimal: decimalOption,
  lane: oneOf(['wasm', 'plain', 'reference']),
  limit: wholeNumber(1),
  signal: signal(),
  onProgress: option<(progress: ReadProgress) => void>({
    expected: 'a function',
    accepts: isCallable,
    sample: '({ rows }) => show(rows)',
  }),
};

/** What the options call the operation, as far as they are options. */
export function nameOf(options: RecordOptions, otherwise = 'readCsv'): string {
  const name: unknown = options?.operation;
  return typeof name === 'string' ? name : otherwise;
}

/** What threads need to read the rest of a file into the same columns. */
export interface Shared {
  /** Every column of the file; null is one that is not read. */
  readonly columns: readonly (SharedColumn | null)[];
  /** How many rows there is room for. */
  readonly capacity: number;
  readonly options: LaneOptions;
  /** Where the rest begins: its row, its line, and its place in the file, in bytes. */
  readonly rows: number;
  readonly line: number;
  readonly position: number;
}

export interface SharedColumn {
  readonly column: NamedColumn;
  readonly policy: MissingPolicy;
  readonly buffer: SharedArrayBuffer;
}

/** What one thread has to tell about the rows that it stored. */
export interface Part {
  readonly notes: readonly PlacedNote[];
  /** By column: the labels that its codes stand for, where threads find their own. */
  readonly labels: readonly (readonly string[] | null)[];
  /** The rows that it stored, in pairs of first and end. */
  readonly rows: readonly number[];
}

export interface PlacedNote {
  readonly kind: Warning['kind'];
  readonly column: number;
  readonly raw: string;
  readonly line: number;
}

interface Reading {
  readonly name: string;
  readonly column: NamedColumn;
  readonly index: number;
  readonly cells: Cells;
  readonly policy: MissingPolicy;
  /** How many rows this column's missing cells dropped. */
  drops: number;
}

/** Records in, a table out: checks each cell against the schema and stores it in a typed column. */
export class TableReader<C extends Columns> {
  readonly #options: ReadOptions<C>;
  readonly #records: RecordReader;
  readonly #notes = new Map<string, Warning>();
  #schema: Schema | undefined;
  #readings: readonly Reading[] = [];
  #cells: readonly (Cells | undefined)[] = [];
  readonly #collect: typeof cellsFor;
  #rows = 0;
  #pushed = 0;
  #dropped = 0;
  #line: () => number = () => 1;

  /** `collect` makes the collector of a column; cellsFor unless something else is to be known. */
  constructor(given: ReadOptions<C>, name = 'readCsv', collect: typeof cellsFor = cellsFor) {
    settle(nameOf(given, name), given, readSpec);
    const options = { operation: name, ...given };
    this.#options = options;
    this.#collect = collect;
    this.#schema = typeof options.schema === 'function' ? undefined : options.schema;
    this.#records = new RecordReader(options, {
      expects: (names) => this.#expects(names),
      header: (names) => this.#begin(names),
      record: (fields, line) => this.#take(fields, line),
      isFull: () => this.#rows === options.limit,
      lane: hasLane(options) ? this.#door() : undefined,
    });
  }

  /** How many rows are stored: those before are settled. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes the next bytes; false where no more are wanted. */
  push(chunk: Uint8Array): boolean {
    this.#pushed += chunk.length;
    this.#records.push(chunk);
    this.tick(this.#rows, this.#pushed);
    return this.#rows !== this.#options.limit;
  }

  /** Tells how far reading has come; throws if it is to end. */
  tick(rows: number, bytes: number): void {
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.({ rows, bytes });
  }

  /** Makes room at once for what a file of `size` bytes will hold, judged by the rows so far. */
  expect(size: number): void {
    const rows = this.#rowsIn(size);
    if (rows > this.#rows) for (const { cells } of this.#readings) cells.reserve(rows);
  }

  /** About how many rows a file of `size` bytes has, rather more than fewer; 0 if nobody knows yet. */
  #rowsIn(size: number): number {
    const taken = this.#pushed - this.#records.waiting;
    const each = taken / this.#rows;
    return this.#rows === 0 ? 0 : Math.ceil(this.#rows + (1.03 * (size - taken)) / each) + 64;
  }

  /** Parts the rest of a file of `size` bytes among threads; undefined if that cannot be done. */
  share(size: number): Shared | undefined {
    if (!this.#records.isPlain || this.#options.limit !== undefined) return undefined;
    if (this.#readings.some(({ cells }) => cells.sharing === undefined)) return undefined;
    const capacity = this.#rowsIn(size);
    const columns = this.#cells.map((cells) => {
      const reading = this.#readings.find((other) => other.cells === cells);
      if (reading === undefined) return null;
      const { column, policy } = reading;
      return { column, policy, buffer: reading.cells.sharing!.share(capacity) };
    });
    const { delimiter = ',', decimal = '.', lane } = this.#options;
    return {
      columns,
      capacity,
      options: { delimiter, decimal, ...(lane === undefined ? {} : { lane }) },
      rows: this.#rows,
      line: this.#records.nextLine,
      position: this.#pushed - this.#records.waiting,
    };
  }

  /** Takes over what threads have read: rows up to `rows`, lines up to the file's `position`. */
  adopt(
    done: { rows: number; lines: number; dropped: number; position: number },
    parts: readonly Part[],
  ): void {
    this.#rows = done.rows;
    this.#dropped += done.dropped;
    this.#pushed = done.position;
    this.#records.skip(done.lines);
    for (const { labels, rows } of parts) {
      this.#cells.forEach((cells, i) => {
        const found = labels[i];
        if (found !== null) cells?.sharing?.translate?.(found, rows);
      });
    }
    const notes = parts.flatMap((part) => part.notes);
    notes.sort((a, b) => a.line - b.line || a.column - b.column);
    const names = new Map(this.#readings.map(({ name, index }) => [index, name]));
    for (const { kind, column, raw, line } of notes) {
      this.#line = () => line;
      this.#note(kind, names.get(column)!, raw);
    }
  }

  end(): Table<C> {
    this.#records.end();
    const columns = new Map<string, Values>();
    for (const { name, cells, policy, drops } of this.#readings) {
      const values = cells.finish(this.#rows);
      const empty =
        policy === 'drop' ? drops === this.#dropped && this.#rows === 0 : isHollow(values);
      if (empty && policy !== 'keep') {
        throw this.#fault(
          name,
          'all-missing-column',
          'no cell of the column has a value',
          'leave it out: declare it ignored(), or read the other columns only',
        );
      }
      if (policy === 'mean') this.#noteFilling(name, cells);
      columns.set(name, values);
    }
    if (this.#rows === 0) {
      const problem = `all ${this.#dropped} rows were dropped for missing values`;
      throw this.#fault(undefined, 'no-data-rows', problem, 'choose another policy');
    }
    return printed({
      schema: this.#schema as Schema<C>,
      rows: this.#rows,
      names: [...columns.keys()],
      columns,
      droppedRows: this.#dropped,
      warnings: [...this.#records.warnings, ...this.#notes.values()],
      ...(this.#options.file === undefined ? {} : { file: this.#options.file }),
    });
  }

  #door(): LaneDoor {
    return laneDoor(this.#options, {
      columns: () => this.#cells,
      rows: () => this.#rows,
      most: this.#options.limit ?? Number.POSITIVE_INFINITY,
      rowBytes: () => (this.#pushed - this.#records.waiting) / this.#rows,
      stored: (rows, dropped) => {
        this.#rows += rows;
        this.#dropped += dropped;
      },
      at: (line) => {
        this.#line = line;
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
    this.#schema = this.#resolve(names);
    const index = new Map(names.map((name, i) => [name, i]));
    this.#readings = this.#schema.columns
      .filter((column) => column.type !== 'ignored')
      .map((column) => {
        checkPolicy(this.#options.operation ?? 'readCsv', column);
        const policy = column.missing?.policy ?? 'error';
        const note: CellContext['note'] = (kind, raw) => this.#note(kind, column.name, raw);
        const context = {
          column,
          policy,
          comma: this.#options.decimal === ',',
          note,
          line: () => this.#line(),
        };
        return {
          name: column.name,
          column,
          index: index.get(column.name)!,
          cells: this.#collect(context),
          policy,
          drops: 0,
        };
      });
    const cells = new Array<Cells | undefined>(names.length).fill(undefined);
    for (const reading of this.#readings) cells[reading.index] = reading.cells;
    this.#cells = cells;
  }

  /** The schema in the file's order, after checking that it and the file name the same columns. */
  #resolve(names: readonly string[]): Schema {
    const { schema: given, columns } = this.#options;
    const schema =
      typeof given === 'function'
        ? given(names)
        : (given ?? {
            columns: (columns ?? names).map((name): NamedColumn => ({ name, type: 'number' })),
            others: 'ignore' as const,
          });
    const operation = this.#options.operation ?? 'readCsv';
    expectSchema(operation, schema);
    const where = { file: this.#options.file, line: 1 };
    const present = new Set(names);
    const absent = schema.columns.find((column) => !present.has(column.name));
    if (absent !== undefined) throw unknownColumn(operation, absent.name, names, where);
    const declared = new Map(schema.columns.map((column) => [column.name, column]));
    const extra = names.find((name) => !declared.has(name));
    if (extra !== undefined && schema.others !== 'ignore') {
      throw new CsvError({
        ...where,
        operation,
        reason: 'unknown-column',
        column: extra,
        problem: 'the schema does not list this column of the file',
        advice: "add it, as ignored() if it is not needed, or declare others: 'ignore'",
      });
    }
    const missing = columns?.find((name) => !declared.has(name) || !present.has(name));
    if (missing !== undefined) throw unknownColumn(operation, missing, names, where);
    const wanted = new Set(columns ?? names);
    const ordered = names
      .flatMap((name) => declared.get(name) ?? [])
      .map(
        (column): NamedColumn =>
          wanted.has(column.name)
            ? this.#withPolicy(column)
            : { name: column.name, type: 'ignored' },
      );
    return { ...schema, columns: ordered };
  }

  /** The column with the option's policy if it has none: the schema says what was really done. */
  #withPolicy(column: NamedColumn): NamedColumn {
    const policy = this.#options.missing;
    if (policy === undefined || policy === 'error') return column;
    if (column.type === 'number') return { ...column, missing: { policy, ...column.missing } };
    if (column.type === 'ignored' || column.type === 'text' || policy === 'mean') return column;
    return { ...column, missing: { policy, ...column.missing } };
  }

  #take(fields: readonly string[], line: () => number): void {
    this.#line = line;
    let drop = false;
    for (const reading of this.#readings) {
      const raw = fields[reading.index];
      const fate = reading.cells.put(this.#rows, raw);
      if (fate === REFUSED) throw this.#refused(reading.name, raw, reading.cells);
      if (fate === DROPPED) {
        reading.drops++;
        drop = true;
      }
    }
    if (drop) this.#dropped++;
    else this.#rows++;
  }

  #refused(column: string, raw: string, cells: Cells): CsvError {
    const { reason, problem, advice } = cells.explain(raw);
    return new CsvError({
      operation: this.#options.operation ?? 'readCsv',
      reason,
      file: this.#options.file,
      line: this.#line(),
      column,
      raw,
      problem: `found ${quoted(raw)}, which ${problem}`,
      advice,
    });
  }

  #fault(
    column: string | undefined,
    reason: CsvError['reason'],
    problem: string,
    advice: string,
  ): CsvError {
    const operation = this.#options.operation ?? 'readCsv';
    return new CsvError({ operation, reason, file: this.#options.file, column, problem, advice });
  }

  #noteFilling(column: string, { filled }: Cells): void {
    if (filled === undefined || filled.count === 0) return;
    const { count, value } = filled;
    const message = `column ${quoted(column)}: ${count} of ${this.#rows} cells were missing and hold the mean of the others, ${value}`;
    this.#notes.set(`imputed ${column}`, { kind: 'imputed', column, count, message });
  }

  /** Keeps the first of each kind of note per column, and counts the others. */
  #note(kind: Warning['kind'], column: string, raw: string): void {
    const key = `${kind} ${column}`;
    const known = this.#notes.get(key);
    if (known !== undefined) {
      this.#notes.set(key, { ...known, count: (known.count ?? 1) + 1 });
      return;
    }
    const line = this.#line();
    const message = `line ${line}, column ${quoted(column)}: ${quoted(raw)} ${noteText[kind] ?? ''}`;
    this.#notes.set(key, { kind, column, line, count: 1, message });
  }
}

const noteText: Partial<Record<Warning['kind'], string>> = {
  precision: 'has more digits than a double keeps; if it is an identifier, declare it text()',
  underflow: 'is too small for a double and became 0',
  'leading-zeros': 'lost its leading zeros; if it is a code, declare it text() or category()',
};

/** Whether a number column has nothing but holes: then there is no mean to fill them with. */
function isHollow(values: Values): boolean {
  return values.type === 'number' && values.values.length > 0 && values.values.every(Number.isNaN);
}
