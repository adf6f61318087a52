import { option, type Spec, settle } from '@steepest/ground';
import { datesOf } from '../date-format.ts';
import { columnOf } from '../schema/schema.ts';
import { expectTable } from '../table/expect-table.ts';
import { cellAt, type Table, type Values } from '../table/table.ts';

/** What stands between cells: a comma unless said. */
export interface WriteOptions {
  readonly delimiter?: string | undefined;
}

const writeSpec = {
  delimiter: option<string, string>(
    {
      expected: 'characters that no number and no quote holds',
      accepts: (x) => typeof x === 'string' && /^[^\w"'+\-.\r\n\0]+$/.test(x),
      sample: "';'",
    },
    ',',
  ),
} satisfies Spec<WriteOptions>;

/**
 * The table as CSV text: UTF-8, LF, quotes where needed, holes as empty cells. Numbers are written
 * with the fewest digits that read back as the same double, dates in the format of their column.
 *
 * @example
 * writeCsv(parseCsv('x\n1.0\n')) // 'x\n1\n'
 */
export function writeCsv(table: Table, options: WriteOptions = {}): string {
  expectTable('writeCsv', table);
  const { delimiter } = settle('writeCsv', options, writeSpec);
  const columns = [...table.columns].map(([name, column]) => writer(table, name, column));
  const alone = columns.length === 1;
  const lines = [table.names.map((name) => field(name, delimiter, alone)).join(delimiter)];
  for (let i = 0; i < table.rows; i++) {
    const cells = columns.map((cell) => field(cell(i), delimiter, alone));
    lines.push(cells.join(delimiter));
  }
  return `${lines.join('\n')}\n`;
}

/** What is written for a row's cell; dates in the column's own format. */
function writer(table: Table, name: string, column: Values): (row: number) => string {
  if (column.type !== 'date') return (i) => written(cellAt(column, i));
  const declared = columnOf(table.schema, name);
  const dates = datesOf(declared?.type === 'date' ? declared.format : undefined);
  return (i) => (Number.isNaN(column.values[i]) ? '' : dates.write(column.values[i]));
}

function written(cell: ReturnType<typeof cellAt>): string {
  if (cell === null || Number.isNaN(cell)) return '';
  return Object.is(cell, -0) ? '-0' : String(cell);
}

function field(text: string, delimiter: string, alone: boolean): string {
  const plain =
    !text.includes(delimiter) && !/["\r\n]/.test(text) && !(alone && text.trim() === '');
  return plain ? text : `"${text.replaceAll('"', '""')}"`;
}
