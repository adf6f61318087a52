import type { Document, Facts, Grid, Part } from './document.ts';

/** A document as plain text, columns aligned for a font of one width. */
export function toText({ title, parts }: Document): string {
  const sections = parts.map(partOf).filter((lines) => lines.length > 0);
  return [title, ...sections.map((lines) => lines.join('\n'))].join('\n\n');
}

function partOf(part: Part): readonly string[] {
  if (part.kind === 'grid') return gridOf(part);
  return part.kind === 'facts' ? factsOf(part) : part.lines;
}

function gridOf({ caption, header, rows, rules = [] }: Grid): string[] {
  const widths = header.map((name, j) =>
    Math.max(lengthOf(name), ...rows.map((row) => lengthOf(row[j]))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, j) => (j === 0 ? padEnd(cell, widths[j]) : padStart(cell, widths[j])))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [
    ...(caption === undefined ? [] : [caption]),
    line(header),
    rule,
    ...rows.flatMap((row, i) => (rules.includes(i) ? [rule, line(row)] : [line(row)])),
  ];
}

function factsOf({ entries }: Facts): string[] {
  const width = Math.max(0, ...entries.map(([name]) => lengthOf(name)));
  return entries.map(([name, value]) => `${padEnd(name, width)}  ${value}`);
}

/** Characters as a reader counts them. */
function lengthOf(text: string): number {
  return [...text].length;
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - lengthOf(text))) + text;
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)));
}
