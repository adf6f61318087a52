import { type Spec, settle, wholeNumber } from '@steepest/ground';
import type { Path, PlotSize } from './path-of-models.ts';

/** A path as a table, at most some twenty of its points. */
export function printPath(path: Path): string {
  const { points, problem, penalty, nullRisk } = path;
  const rows = chosenOf(points.length).map((k) => {
    const { lambda, df, devianceExplained, gap, converged } = points[k];
    return [
      String(k + 1),
      lambda.toPrecision(4),
      String(df),
      `${(100 * devianceExplained).toFixed(2).replace('-0.00', '0.00')} %`,
      (gap / nullRisk).toExponential(1),
      converged ? '' : 'NOT converged',
    ];
  });
  const heads = ['', 'lambda', 'df', 'explained', 'gap', ''];
  const widths = heads.map((head, c) => Math.max(head.length, ...rows.map((row) => row[c].length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, c) => cell.padStart(widths[c])).join('  ')}`.trimEnd();
  const open = points.filter(({ converged }) => !converged).length;
  return [
    `path of ${problem.name}, ${penalty}`,
    `  ${points.length} points${open === 0 ? ', all converged' : `, ${open} NOT converged`}; gap: the duality gap, a share of the null model's ${nullRisk.toPrecision(6)}`,
    line(heads),
    ...rows.map(line),
  ].join('\n');
}

const mostPrinted = 22;

function chosenOf(count: number): number[] {
  if (count <= mostPrinted) return Array.from({ length: count }, (_, k) => k);
  return Array.from({ length: mostPrinted }, (_, k) =>
    Math.round((k * (count - 1)) / (mostPrinted - 1)),
  );
}

const plotSpec = {
  width: wholeNumber(20, 72, 400),
  height: wholeNumber(4, 20, 200),
} satisfies Spec<PlotSize>;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The coefficients over −log λ as characters, a letter for each column, those that become largest first;
 * in units of the columns' deviations where they are prepared so.
 */
export function plotPath({ points, names }: Path, size: PlotSize = {}): string {
  const { width, height } = settle('path.plot', size, plotSpec);
  const outputs = points[0]?.params.w.columns ?? 1;
  const coordinates = names.length * outputs;
  const value = (k: number, i: number) => points[k].params.w.data[i];
  const reach = (i: number) =>
    points.reduce((most, _, k) => Math.max(most, Math.abs(value(k, i))), 0);
  const order = Array.from({ length: coordinates }, (_, i) => i)
    .filter((i) => reach(i) > 0)
    .sort((a, b) => reach(b) - reach(a));
  const shown = order.slice(0, letters.length);
  if (shown.length === 0) return 'every coefficient is 0';
  const all = shown.flatMap((i) => points.map((_, k) => value(k, i)));
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const grid = Array.from({ length: height }, () => new Array<string>(width).fill(' '));
  const rowOf = (v: number) => Math.round(((high - v) / (high - low)) * (height - 1));
  grid[rowOf(0)].fill('·');
  const columnOf = (k: number) =>
    points.length === 1 ? 0 : Math.round((k * (width - 1)) / (points.length - 1));
  for (const [n, i] of [...shown.entries()].reverse()) {
    for (let k = 0; k < points.length; k++) {
      if (value(k, i) !== 0) grid[rowOf(value(k, i))][columnOf(k)] = letters[n];
    }
  }
  const label = (row: number) => {
    const v = high - ((high - low) * row) / (height - 1);
    return (row % 4 === 0 || row === height - 1 ? v.toPrecision(3) : '').padStart(10);
  };
  const nameOf = (i: number) =>
    outputs === 1
      ? names[Math.floor(i / outputs)]
      : `${names[Math.floor(i / outputs)]}:${i % outputs}`;
  const from = points[0].lambda.toPrecision(3);
  const to = points[points.length - 1].lambda.toPrecision(3);
  return [
    ...grid.map((cells, row) => `${label(row)} │${cells.join('').trimEnd()}`),
    `${' '.repeat(11)}└${'─'.repeat(width)}`,
    `${' '.repeat(12)}lambda ${from}${to.padStart(width - 7 - from.length)}`,
    ...shown.slice(0, 12).map((i, n) => `  ${letters[n]}  ${nameOf(i)}`),
    ...(order.length > 12 ? [`  … and ${order.length - 12} more`] : []),
  ].join('\n');
}
