import { cellAt, type Table } from '../table/table.ts';

/**
 * The table as CSV text: UTF-8, LF, quotes where needed, holes as empty cells. Numbers are written
 * with the fewest digits that read back as the same double.
 *
 * @example
 * writeCsv(parseCsv('x\n1.0\n')) // 'x\n1\n'
 */
export function writeCsv(table: Table, options: { readonly delimiter?: string } = {}): string {
  const delimiter = options.delimiter ?? ',';
  const columns = [...table.columns.values()];
  const alone = columns.length === 1;
  const lines = [table.names.map((name) => field(name, delimiter, alone)).join(delimiter)];
  for (let i = 0; i < table.rows; i++) {
    const cells = columns.map((column) => field(written(cellAt(column, i)), delimiter, alone));
    lines.push(cells.join(delimiter));
  }
  return `${lines.join('\n')}\n`;
}

function written(cell: number | string | boolean | null): string {
  if (cell === null || Number.isNaN(cell)) return '';
  return Object.is(cell, -0) ? '-0' : String(cell);
}

function field(text: string, delimiter: string, alone: boolean): string {
  const plain =
    !text.includes(delimiter) && !/["\r\n]/.test(text) && !(alone && text.trim() === '');
  return plain ? text : `"${text.replaceAll('"', '""')}"`;
}
