import { measureInWords } from '@steepest/models';
import type { Judgement } from '../fitting/judge.ts';
import { grid, six } from './grid.ts';

/** Measures with their intervals, and the confusion of classes. */
export function judgementText({ measures, confusion, level }: Judgement): string {
  const rows = Object.entries(measures).map(([name, { value, low, high, method }]) => [
    measureInWords(name),
    six(value),
    ...(low === undefined ? [] : [six(low), six(high), method ?? '']),
  ]);
  const table = grid([['', 'value', `${level * 100} % from`, 'to', 'by'], ...rows]);
  if (confusion === undefined) return table;
  const { classes, counts } = confusion;
  const cells = counts.map((row, k) => [classes[k], ...row.map(String)]);
  return `${table}\n\n${grid([['true \\ predicted', ...classes], ...cells])}`;
}
