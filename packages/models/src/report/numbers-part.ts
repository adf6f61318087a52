import * as Plot from '@observablehq/plot';
import type { Table } from '@steepest/datasets';
import type { Fitted } from '../fit/model.ts';
import { type Diagnostics, diagnostics } from '../inference/diagnostics.ts';
import { twoSidedQuantile } from '../inference/tails.ts';
import { type Scatter, scatterOf, thinned } from './bins.ts';
import { pictures, section } from './html.ts';
import type { Judged } from './judged.ts';
import { picture } from './picture.ts';

const accent = 'var(--accent)';

/** Where the target is a number: residuals of the judged rows, and how the training rows stand. */
export function numbersPart(fitted: Fitted, judged: Judged, table: Table | undefined): string {
  const { predicted, y } = judged;
  const residuals = y.data.map((value, i) => value - predicted.data[i]);
  const found = table === undefined ? undefined : diagnosticsOf(fitted, table);
  const quadratic = fitted.problem.family.quadratic === true;
  return section(
    'Residuals',
    pictures(
      picture(
        {
          title: `What happened against what was predicted, ${judged.rows}`,
          says: 'A scatter of the target over the prediction; on the line they are equal.',
        },
        {
          x: { label: 'predicted', nice: true },
          y: { label: fitted.reading.target, nice: true, grid: true },
          marks: [...marks(scatterOf(predicted.data, y.data)), diagonal(predicted.data)],
        },
      ),
      picture(
        {
          title: `Residuals over predictions, ${judged.rows}`,
          says: 'A scatter of the residuals over the prediction, around a line at 0.',
        },
        {
          x: { label: 'predicted', nice: true },
          y: { label: 'residual', nice: true, grid: true },
          marks: [Plot.ruleY([0], faint), ...marks(scatterOf(predicted.data, residuals))],
        },
      ),
      found === undefined || !quadratic ? '' : normalPlot(found),
      found === undefined ? '' : leveragePlot(found),
    ),
  );
}

function diagnosticsOf(fitted: Fitted, table: Table): Diagnostics | undefined {
  try {
    return diagnostics(fitted, table);
  } catch (error) {
    // As after a penalty: the part on coefficients says why.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const faint = { stroke: 'currentColor', strokeOpacity: 0.5 } as const;

function diagonal(x: Float64Array): Plot.Markish {
  const ends = [x.reduce((a, b) => Math.min(a, b), Infinity), x.reduce((a, b) => Math.max(a, b))];
  return Plot.line(
    ends.map((end) => [end, end]),
    { ...faint, strokeDasharray: '4 3' },
  );
}

/** Points as rings, or cells the darker the more points are in them. */
function marks(scatter: Scatter): Plot.Markish[] {
  if (scatter.kind === 'points') {
    return [Plot.dot(scatter.points, { r: 2.5, stroke: accent, strokeOpacity: 0.75 })];
  }
  const most = Math.max(...scatter.cells.map(({ count }) => count));
  return [
    Plot.rect(scatter.cells, {
      x1: 'x1',
      x2: 'x2',
      y1: 'y1',
      y2: 'y2',
      fill: accent,
      inset: 0,
      fillOpacity: {
        value: (cell: { readonly count: number }) => 0.12 + 0.88 * Math.sqrt(cell.count / most),
        scale: null,
      },
    }),
  ];
}

function normalPlot({ studentized }: Diagnostics): string {
  const sorted = studentized.filter(Number.isFinite).sort();
  const n = sorted.length;
  // Student's with so many degrees of freedom is normal to the eye.
  const quantile = (p: number) =>
    p < 0.5
      ? -twoSidedQuantile(1 - 2 * p, Infinity)
      : p === 0.5
        ? 0
        : twoSidedQuantile(2 * p - 1, Infinity);
  const points = thinned(n, 400).map((i) => [quantile((i + 0.5) / n), sorted[i]]);
  return picture(
    {
      title: 'Studentized residuals against normal quantiles, training rows',
      says: 'A normal Q–Q plot; on the line residuals are as normal errors are.',
    },
    {
      x: { label: 'normal quantile', nice: true },
      y: { label: 'studentized residual', nice: true, grid: true },
      marks: [
        Plot.dot(points, { r: 2.5, stroke: accent, strokeOpacity: 0.75 }),
        diagonal(Float64Array.from(points, ([x]) => x)),
      ],
    },
  );
}

function leveragePlot({ leverage, studentized }: Diagnostics): string {
  return picture(
    {
      title: 'Studentized residuals over leverage, training rows',
      says: 'A scatter of studentized residuals over leverage: rows far right and far from 0 move the fit.',
    },
    {
      x: { label: 'leverage', nice: true },
      y: { label: 'studentized residual', nice: true, grid: true },
      marks: [Plot.ruleY([0], faint), ...marks(scatterOf(leverage, studentized))],
    },
  );
}
