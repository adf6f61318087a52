import type { Table } from '@steepest/datasets';
import { option, type Spec, settle, text } from '@steepest/ground';
import { escaped } from '../document/html.ts';
import { expectFitted } from '../expect.ts';
import type { Fitted } from '../fit/model.ts';
import { isTable } from '../fit/training-set.ts';
import { levelOption } from '../inference/level.ts';
import { version } from '../version.ts';
import { classesPart } from './classes-part.ts';
import { coefficientsPart } from './coefficients-part.ts';
import { columnsPart } from './columns-part.ts';
import { facts, figure, paragraph, section } from './html.ts';
import { judgedOn } from './judged.ts';
import { metricsPart } from './metrics-part.ts';
import { numbersPart } from './numbers-part.ts';
import { page } from './page.ts';
import { stepsPart } from './steps-part.ts';

export interface ReportOptions {
  /** The rows that the model was fitted to: for standard errors, residuals and distributions. */
  readonly table?: Table | undefined;
  /** Rows that it did not see: for the metrics. The training rows' are shown, and said so, without. */
  readonly test?: Table | undefined;
  /** The problem and its target unless given. */
  readonly title?: string | undefined;
  /** How the model can be made again, such as a command line; shown at the end. */
  readonly command?: string | undefined;
  /** Of the intervals; 0.95 unless given. */
  readonly level?: number | undefined;
}

const table = option<Table>({
  expected: 'a table in memory',
  accepts: isTable,
  sample: 'train',
});

const spec = {
  table,
  test: table,
  title: text(),
  command: text(),
  level: levelOption,
} satisfies Spec<ReportOptions>;

/**
 * A fitted model as one HTML file to show: certificate, metrics with intervals, coefficients, residuals or
 * curves of classes, training, columns, settings. It runs no script, asks nothing of the network, is dark
 * or light as its reader likes, prints, and stays under 500 kB for any number of rows, since points are
 * counted in cells before they are drawn. Each number stands whole in the `value` of its `<data>` element.
 *
 * Throws for tables that lack columns of the model, or are not in memory.
 *
 * ```ts
 * writeFileSync('report.html', reportOf(fitted, { table: train, test }));
 * ```
 */
export function reportOf(fitted: Fitted, options: ReportOptions = {}): string {
  expectFitted('reportOf', fitted);
  const { table, test, title, command, level } = settle('reportOf', options, spec);
  const rows = test ?? table;
  const judged =
    rows === undefined
      ? undefined
      : judgedOn(fitted, rows, test === undefined ? 'training' : 'test');
  const labelled = fitted.problem.family.target.classes !== undefined;
  const { name } = fitted.problem;
  const heading = title ?? `${name[0].toUpperCase()}${name.slice(1)} of ${fitted.reading.target}`;
  return page(heading, [
    headingPart(fitted, heading, table, test),
    metricsPart(fitted, judged, level),
    coefficientsPart(fitted, table, level),
    judged === undefined ? '' : labelled ? classesPart(judged) : numbersPart(fitted, judged, table),
    stepsPart(fitted),
    table === undefined ? '' : columnsPart(fitted, table),
    settingsPart(fitted, command),
  ]);
}

function headingPart(
  fitted: Fitted,
  heading: string,
  table: Table | undefined,
  test: Table | undefined,
): string {
  const { converged, ending, certificate, warnings, problem, metrics, names } = fitted;
  const { objective, gradientNorm, decrement, gap, condition } = certificate;
  const file = table?.file ?? test?.file;
  const short = (x: number) => x.toExponential(1);
  const data = [
    ...(file === undefined ? [] : [escaped(file)]),
    `${figure('rows.training', metrics.rows)} training rows`,
    ...(test === undefined ? [] : [`${figure('rows.test', test.rows)} test rows`]),
    `${figure('columns', names.length)} prepared columns`,
  ];
  return [
    `<header>\n<h1>${escaped(heading)}</h1>`,
    `<p class="lead">${data.join(' · ')}</p>`,
    ...warnings.map(({ kind, message }) => paragraph(`${kind}: ${message}`, 'warning')),
    facts([
      ['minimizes', escaped(problem.objective)],
      [
        'certificate',
        `<span class="${converged ? 'good' : 'bad'}">${converged ? '✓ converged' : '✗ not converged'}</span>: ${escaped(ending)}`,
      ],
      ['objective', figure('certificate.objective', objective)],
      ['gradient norm', figure('certificate.gradientNorm', gradientNorm, short(gradientNorm))],
      [
        'above the minimum',
        `about ${figure('certificate.decrement', decrement, short(decrement))}`,
      ],
      ...(gap === undefined
        ? []
        : [['at most', figure('certificate.gap', gap, short(gap))] as const]),
      ...(condition === undefined
        ? []
        : [['condition', figure('certificate.condition', condition, short(condition))] as const]),
    ]),
    '</header>',
  ].join('\n');
}

const mostNamed = 200;

function settingsPart({ problem, reading, seed, names, classes }: Fitted, command = ''): string {
  const roles = (['weights', 'analyticWeights', 'offset', 'exposure'] as const).flatMap((role) => {
    const column = reading[role];
    return column === undefined ? [] : [[role, escaped(column)] as const];
  });
  const more = names.length - mostNamed;
  return section(
    'Made with',
    facts([
      ['problem', escaped(problem.kind)],
      ['target', escaped(reading.target)],
      ...(classes === undefined ? [] : [['classes', escaped(classes.join(', '))] as const]),
      ...roles,
      ['intercept', problem.intercept ? 'yes' : 'no'],
      ['l2', figure('settings.l2', problem.l2)],
      ['seed', figure('settings.seed', seed)],
      [
        'prepared columns',
        escaped(names.slice(0, mostNamed).join(', ') + (more > 0 ? ` … and ${more} more` : '')),
      ],
      ['version', `@steepest/models ${escaped(version)}`],
    ]),
    command === '' ? '' : `<pre>${escaped(command)}</pre>`,
  );
}
