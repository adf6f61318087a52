import { isoText } from '../date-format.ts';
import { printing } from '../printing.ts';
import { type Grid, gridHtml, gridText } from './grid.ts';
import { cellAt, type Table } from './table.ts';

const firstRows = 5;

/** The same table, which prints as its size and its first rows. */
export function printed<T extends Table>(table: T): T {
  const text = () => `${titleOf(table)}\n${gridText(gridOf(table))}${more(table)}`;
  const html = () => `<p>${titleOf(table)}</p>${gridHtml(gridOf(table))}`;
  return printing(table, { text, html });
}

function titleOf({ rows, names, file, role }: Table): string {
  const of = file === undefined ? '' : ` of ${file}`;
  const purpose = role === undefined ? '' : ` (${role})`;
  return `${counted(rows, 'row')} × ${counted(names.length, 'column')}${of}${purpose}`;
}

function more({ rows }: Table): string {
  return rows > firstRows ? `\n… ${counted(rows - firstRows, 'more row')}` : '';
}

function gridOf({ rows, names, columns }: Table): Grid {
  const few = names.slice(0, 40);
  const cells = Array.from({ length: Math.min(rows, firstRows) }, (_, i) =>
    few.map((name) => {
      const cell = cellAt(columns.get(name)!, i) ?? '';
      return typeof cell === 'number' ? cell : cell instanceof Date ? isoText(+cell) : String(cell);
    }),
  );
  const rest = names.length - few.length;
  return rest === 0
    ? { headings: few, rows: cells }
    : { headings: [...few, `and ${rest} more`], rows: cells.map((row) => [...row, '']) };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
