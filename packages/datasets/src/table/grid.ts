/** Cells under headings, for people: columns as wide as their widest cell, numbers to the right. */
export interface Grid {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The grid as text, at most `width` characters wide: columns that do not fit are counted. */
export function gridText({ headings, rows }: Grid, width = 100): string {
  const columns = headings.map((heading, j) => {
    const cells = rows.map((row) => row[j]);
    const texts = [clipped(heading), ...cells.map(shown)];
    const isNumber = cells.every((cell) => typeof cell === 'number' || cell === '');
    const length = Math.max(...texts.map((text) => text.length));
    return texts.map((text) => (isNumber ? text.padStart(length) : text.padEnd(length)));
  });
  let used = 0;
  const fitting = columns.filter(([heading], j) => {
    used += heading.length + 2;
    return j === 0 || used <= width + 2;
  });
  const left = columns.length - fitting.length;
  const more = left === 0 ? '' : `  … ${left} more`;
  return [...rows.keys(), rows.length]
    .map((i) => `${fitting.map((column) => column[i]).join('  ')}${i === 0 ? more : ''}`.trimEnd())
    .join('\n');
}

/** The same as an HTML table. */
export function gridHtml({ headings, rows }: Grid): string {
  const row = (cells: readonly (string | number)[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(shown(cell))}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${row(headings, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
}

function shown(cell: string | number): string {
  if (typeof cell === 'string') return clipped(cell);
  if (Number.isNaN(cell)) return '';
  const short = String(Number(cell.toPrecision(6)));
  return Object.is(cell, -0) ? '-0' : short;
}

function clipped(text: string): string {
  const line = text.replaceAll(/\s/g, ' ');
  return line.length > 32 ? `${line.slice(0, 31)}…` : line;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
