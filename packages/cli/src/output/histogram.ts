import type { Values } from '@steepest/datasets';

const bars = '▁▂▃▄▅▆▇█';
const bins = 12;

/** The numbers of a column as a row of bars, from the least to the greatest; '' for other types. */
export function histogram(column: Values, least: number, greatest: number): string {
  if (column.type !== 'number' && column.type !== 'date') return '';
  if (!(greatest > least)) return '';
  const counts = new Array<number>(bins).fill(0);
  const step = greatest / bins - least / bins;
  for (const value of column.values) {
    if (!Number.isNaN(value)) counts[Math.min(bins - 1, Math.floor((value - least) / step))]++;
  }
  const most = Math.max(...counts);
  return counts.map((n) => (n === 0 ? ' ' : bars[Math.ceil((n / most) * 8) - 1])).join('');
}
