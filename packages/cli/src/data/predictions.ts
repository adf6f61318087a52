import type { Table } from '@steepest/datasets';
import type { Fitted } from '@steepest/models';
import { calledOf } from '@steepest/models/rows';

export interface PredictionOptions {
  /** The probability of every class, beside the label. */
  readonly proba: boolean;
  /** ' before what a spreadsheet would execute. */
  readonly safe: boolean;
  readonly delimiter: string;
}

/** The names of what is predicted. */
export function predictedNames({ reading, classes }: Fitted, { proba }: PredictionOptions): string[] {
  const names = [`predicted_${reading.target}`];
  if (proba) names.push(...(classes ?? []).map((label) => `probability_${label}`));
  return names;
}

/** A line for each row: the mean, or the label and, where asked, probabilities. */
export function predictedLines(fitted: Fitted, table: Table, options: PredictionOptions): string[] {
  const { classes } = fitted;
  const means = fitted.predict(table);
  if (classes === undefined) return Array.from(means.data, String);
  return Array.from(calledOf(means), (code, i) => {
    const cells = [cell(classes[code], options)];
    if (options.proba) {
      const p = means.data.subarray(i * means.columns, (i + 1) * means.columns);
      cells.push(...(p.length === 1 ? [1 - p[0], p[0]] : Array.from(p)).map(String));
    }
    return cells.join(options.delimiter);
  });
}

/** A cell as CSV has it. */
export function cell(text: string, { delimiter, safe }: PredictionOptions): string {
  const shown = safe && /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return shown.includes(delimiter) || /["\r\n]/.test(shown)
    ? `"${shown.replaceAll('"', '""')}"`
    : shown;
}
