import { stripVTControlCharacters } from 'node:util';

/** Rows of cells as aligned columns: the first to the left, numbers to the right. */
export function grid(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [j, cell] of row.entries()) widths[j] = Math.max(widths[j] ?? 0, widthOf(cell));
  }
  const numeric = widths.map((_, j) =>
    rows
      .slice(1)
      .every((row) => /^[-+<>]?[\d.]|^$|^NaN$|^-?∞$/.test(stripVTControlCharacters(row[j] ?? ''))),
  );
  return rows
    .map((row) => {
      const cells = row.map((cell, j) => {
        const fill = ' '.repeat(widths[j] - widthOf(cell));
        return j > 0 && numeric[j] ? fill + cell : cell + fill;
      });
      return `${indent}${cells.join('  ').trimEnd()}`;
    })
    .join('\n');
}

function widthOf(cell: string): number {
  return [...stripVTControlCharacters(cell)].length;
}

/** Six digits are enough to look at. */
export function six(value: number | undefined): string {
  if (value === undefined) return '';
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

/** A p-value: three digits, or the power of ten. */
export function probability(p: number): string {
  if (p === 0) return '<1e-300';
  return p < 1e-4 ? p.toExponential(1) : p.toPrecision(3);
}
