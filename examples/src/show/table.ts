import pc from 'picocolors';
import { short } from './check.ts';

/** Prints rows under a heading in aligned columns; numbers to the right. */
export function printTable(
  heading: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const texts = rows.map((row) => row.map((x) => (typeof x === 'number' ? short(x) : x)));
  const widths = heading.map((name, j) =>
    Math.max(name.length, ...texts.map((row) => row[j].length)),
  );
  const line = (cells: readonly string[], row?: readonly (string | number)[]) =>
    cells
      .map((text, j) =>
        row === undefined || typeof row[j] === 'string'
          ? text.padEnd(widths[j])
          : text.padStart(widths[j]),
      )
      .join('  ')
      .trimEnd();
  console.log(pc.dim(`  ${line(heading)}`));
  texts.forEach((cells, i) => void console.log(`  ${line(cells, rows[i])}`));
}

export function title(text: string): void {
  console.log(`\n${pc.bold(text)}`);
}
