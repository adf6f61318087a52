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
 * The table as CSV text that reads back under its schema: UTF-8, LF, quotes where needed, holes as empty
 * cells or as a missing token of their column. Numbers are written with the fewest digits that read back
 * as the same double, dates and truth values as their column declares them.
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

/** What is written for a row's cell, in the words of its column: its dates, truth words and missing tokens. */
function writer(table: Table, name: string, column: Values): (row: number) => string {
  const declared = columnOf(table.schema, name);
  const tokens = declared?.type === 'ignored' ? undefined : declared?.missing?.tokens;
  const hole = tokens === undefined || tokens.includes('') ? '' : (tokens[0] ?? '');
  if (column.type === 'date') {
    const dates = datesOf(declared?.type === 'date' ? declared.format : undefined);
    return (i) => (Number.isNaN(column.values[i]) ? hole : dates.write(column.values[i]));
  }
  const words = declared?.type === 'boolean' ? declared : undefined;
  const [yes, no] = [words?.true?.[0] ?? 'true', words?.false?.[0] ?? 'false'];
  return (i) => {
    const cell = cellAt(column, i);
    if (cell === null || Number.isNaN(cell)) return hole;
    if (typeof cell === 'boolean') return cell ? yes : no;
    return Object.is(cell, -0) ? '-0' : String(cell);
  };
}

function field(text: string, delimiter: string, alone: boolean): string {
  const plain =
    !text.includes(delimiter) && !/["\r\n]/.test(text) && !(alone && text.trim() === '');
  return plain ? text : `"${text.replaceAll('"', '""')}"`;
}
