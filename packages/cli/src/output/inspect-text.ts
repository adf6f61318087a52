import type { ColumnSummary, Schema } from '@steepest/datasets';
import type { Colors } from './colours.ts';
import { grid, six } from './grid.ts';

export interface InspectFacts {
  readonly format: 'steepest';
  readonly version: 1;
  readonly command: 'inspect';
  readonly file: string;
  readonly rows: number;
  readonly dropped: number;
  readonly columns: readonly (ColumnSummary & { readonly histogram?: string })[];
  readonly warnings: readonly string[];
  readonly schema: Schema;
  /** A line for each column on why it has its type. */
  readonly reasons?: string;
  readonly target?: string;
  readonly family?: string;
  readonly saved?: string;
}

export function inspectText(facts: InspectFacts): (colours: Colors) => string {
  return (colours) => {
    const { file, rows, columns, warnings, target, family, saved } = facts;
    const table = grid([
      ['column', 'type', 'missing', 'distinct', 'mean', 'least', 'median', 'greatest', ''],
      ...columns.map(({ name, type, missing, distinct, mean, mostFrequent, ...of }) => {
        const shown = (value: number | undefined) =>
          value !== undefined && type === 'date'
            ? new Date(value).toISOString().slice(0, 10)
            : six(value);
        const [, median] = of.quartiles ?? [];
        const last =
          of.histogram ?? (mostFrequent ? `${mostFrequent.value} (${mostFrequent.count})` : '');
        const facts = [mean, of.least, median, of.greatest].map(shown);
        return [name, type, String(missing), String(distinct), ...facts, last];
      }),
    ]);
    const parts = [
      `${colours.bold(file)}: ${rows} rows, ${columns.length} columns`,
      table,
      ...(warnings.length === 0
        ? []
        : [warnings.map((each) => `  ${colours.yellow('!')} ${each}`).join('\n')]),
      ...(family === undefined ? [] : [`${target}: train would fit ${family} regression`]),
      saved === undefined
        ? 'keep the types: add --schema schema.json'
        : `the types are in ${saved}: read and correct it; every command takes it by --schema`,
    ];
    return `${parts.join('\n\n')}\n`;
  };
}
