import { isThenable, refusal, show } from '@steepest/ground';
import { REFUSED } from '../csv/cells.ts';
import { cellsFor } from '../csv/cells-for.ts';
import { CsvError, quoted } from '../error.ts';
import type { Column } from '../schema/column.ts';
import { columnIn, type Schema } from '../schema/schema.ts';
import type { Table, Values } from '../table/table.ts';

/** A row as it comes from a form, a request or a file: raw text, numbers, truth values, Dates; null is a hole. */
export type RawRow = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

/** A table of one row, each cell checked as if it had been read from a file. */
export function rowTable(schema: Schema, names: readonly string[], raw: RawRow): Table {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || isThenable(raw)) {
    throw refusal(
      'applyRow',
      'expected a row',
      raw,
      'pass an object with a value for each feature',
    );
  }
  const columns = new Map<string, Values>();
  for (const name of names) {
    const column = columnIn(schema, name)!;
    const number = numberOf(column, raw, name);
    if (number !== undefined) {
      columns.set(name, { type: 'number', values: Float64Array.of(number) });
      continue;
    }
    const time = timeIn(column, raw, name);
    if (time !== undefined) {
      columns.set(name, { type: 'date', values: Float64Array.of(time) });
      continue;
    }
    const cell = cellText(raw, name);
    const policy = 'missing' in column ? (column.missing?.policy ?? 'error') : 'error';
    const cells = cellsFor({
      column,
      policy: policy === 'error' ? 'error' : 'keep',
      comma: false,
      note() {},
    });
    if (cells.put(0, cell) === REFUSED) {
      const { reason, problem, advice } = cells.explain(cell);
      throw new CsvError({
        operation: 'applyRow',
        reason,
        column: name,
        raw: cell,
        problem: `got ${quoted(cell)}, which ${problem}`,
        advice,
      });
    }
    columns.set(name, cells.finish(1));
  }
  return { schema, rows: 1, names: [...columns.keys()], columns, droppedRows: 0, warnings: [] };
}

/** A number that is one already: nothing has to be read from text, unless some numbers mean a hole. */
function numberOf(column: Column, raw: RawRow, name: string): number | undefined {
  if (column.type !== 'number' || column.missing?.tokens !== undefined) return undefined;
  return numberIn(raw, name);
}

/** The row's own finite number of this name. */
export function numberIn(raw: RawRow, name: string): number | undefined {
  const isMap = raw instanceof Map;
  const cell = isMap ? raw.get(name) : (raw as Readonly<Record<string, unknown>>)[name];
  if (typeof cell !== 'number' || !Number.isFinite(cell)) return undefined;
  return isMap || Object.hasOwn(raw, name) ? cell + 0 : undefined;
}

/** The milliseconds of a valid Date. */
function timeIn(column: Column, raw: RawRow, name: string): number | undefined {
  if (column.type !== 'date') return undefined;
  const cell =
    raw instanceof Map ? raw.get(name) : Object.getOwnPropertyDescriptor(raw, name)?.value;
  return cell instanceof Date && !Number.isNaN(cell.getTime()) ? cell.getTime() : undefined;
}

function cellText(raw: RawRow, name: string): string {
  const isMap = raw instanceof Map;
  const present = isMap ? raw.has(name) : Object.hasOwn(raw, name);
  const cell = isMap ? raw.get(name) : (raw as Readonly<Record<string, unknown>>)[name];
  if (!present) {
    throw new CsvError({
      operation: 'applyRow',
      reason: 'missing',
      column: name,
      problem: 'the row has no such column',
      advice: 'give every feature a value; null says that there is none',
    });
  }
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') {
    return String(cell);
  }
  throw new TypeError(
    `applyRow: column "${name}": expected text, a number, a truth value or a valid Date, got ${show(cell)}`,
  );
}
