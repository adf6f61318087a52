import * as Plot from '@observablehq/plot';
import { describe, type Table } from '@steepest/datasets';
import { escaped } from '../document/html.ts';
import { percent, probability, threePlaces } from '../document/numbers.ts';
import type { Fitted } from '../fit/model.ts';
import type { Summary } from '../inference/figures.ts';
import { summary } from '../inference/summary.ts';
import { coefficientHeader } from '../inference/summary-document.ts';
import { figure, grid, paragraph, pictures, section } from './html.ts';
import { picture } from './picture.ts';

interface Line {
  readonly name: string;
  readonly output: string | undefined;
  readonly estimate: number;
  readonly interval?: readonly [number, number];
}

const mostDrawn = 30;
const mostOutputs = 6;

/** Coefficients: with errors where they are honest, alone where they are not, and why. */
export function coefficientsPart(fitted: Fitted, table: Table | undefined, level: number): string {
  const found = table === undefined ? undefined : summaryOrWhy(fitted, table, level);
  const scale = fitted.coefficients[0].scale;
  const title = `Coefficients, ${scale === 'raw' ? 'in units of the raw columns' : 'of the prepared columns'}`;
  if (found === undefined || typeof found === 'string') {
    return section(
      title,
      found === undefined ? '' : paragraph(`Without standard errors: ${found}`),
      drawn(linesOf(fitted), fitted, table, level),
      estimatesAlone(fitted),
    );
  }
  return section(title, drawn(found.estimates, fitted, table, level), summaryGrid(found));
}

function summaryOrWhy(fitted: Fitted, table: Table, level: number): Summary | string {
  try {
    return summary(fitted, table, { level });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      return error.message.replace(/^summary: /, '');
    }
    throw error;
  }
}

function linesOf(fitted: Fitted): Line[] {
  return fitted.coefficients.flatMap(({ output, names, values, intercept }) => [
    { name: '(intercept)', output, estimate: intercept },
    ...names.map((name, j) => ({ name, output, estimate: values[j] })),
  ]);
}

function estimatesAlone(fitted: Fitted): string {
  const several = fitted.coefficients.length > 1;
  return grid(
    ['', 'estimate'],
    linesOf(fitted).map(({ name, output, estimate }) => [
      escaped(several ? `${output}: ${name}` : name),
      figure(`coefficients.${several ? `${output}.` : ''}${name}`, estimate),
    ]),
  );
}

function summaryGrid(found: Summary): string {
  const ratio = found.ratio === undefined ? [] : [found.ratio];
  return grid(
    [...coefficientHeader(found), ...ratio],
    found.estimates.map((e) => {
      const name = e.output === undefined ? e.name : `${e.output}.${e.name}`;
      const key = `coefficients.${name}`;
      return [
        escaped(e.output === undefined ? e.name : `${e.output}: ${e.name}`),
        figure(key, e.estimate),
        figure(`${key}.standardError`, e.standardError),
        figure(`${key}.statistic`, e.statistic, threePlaces(e.statistic)),
        figure(`${key}.pValue`, e.pValue, probability(e.pValue)),
        figure(`${key}.low`, e.interval[0]),
        figure(`${key}.high`, e.interval[1]),
        ...(found.ratio === undefined
          ? []
          : [
              e.ratio === undefined || e.name === '(intercept)'
                ? ''
                : figure(`${key}.ratio`, e.ratio.estimate),
            ]),
      ];
    }),
  );
}

/** By one standard deviation of its column each, so that lengths can be compared. */
function drawn(
  lines: readonly Line[],
  fitted: Fitted,
  table: Table | undefined,
  level: number,
): string {
  const raw = fitted.coefficients[0].scale === 'raw';
  const columns = new Map(
    !raw || table === undefined
      ? []
      : describe(table).columns.map((column) => [column.name, column]),
  );
  const unit = (name: string) => (raw ? (columns.get(name)?.deviation ?? 1) : 1);
  const outputs = [...new Set(lines.map(({ output }) => output))].slice(0, mostOutputs);
  return pictures(
    ...outputs.map((output) => {
      const all = lines.filter((line) => line.output === output && line.name !== '(intercept)');
      const scaled = all.map(({ name, estimate, interval }) => ({
        name: name.length > 26 ? `${name.slice(0, 25)}…` : name,
        estimate: estimate * unit(name),
        low: (interval?.[0] ?? estimate) * unit(name),
        high: (interval?.[1] ?? estimate) * unit(name),
        sure: interval === undefined || interval[0] > 0 || interval[1] < 0,
      }));
      const shown = scaled
        .sort((a, b) => Math.abs(b.estimate) - Math.abs(a.estimate))
        .slice(0, mostDrawn);
      if (shown.length === 0) return '';
      const bars = all.some(({ interval }) => interval !== undefined);
      const more = all.length - shown.length;
      const what = raw && table !== undefined ? ', by one standard deviation of its column' : '';
      const about = output === undefined ? '' : ` of ${output}`;
      return picture(
        {
          title: `Effect on the score${about}${what}${bars ? `, with ${percent(level)} intervals` : ''}${more > 0 ? `; the ${mostDrawn} largest of ${all.length}` : ''}`,
          says: `Coefficients${about}, the largest first: ${shown.map(({ name }) => name).join(', ')}. Their figures are in the table below.`,
        },
        {
          width: outputs.length === 1 ? 900 : 440,
          height: 60 + 20 * shown.length,
          marginLeft: 190,
          x: { label: null, grid: true, nice: true },
          y: { label: null, domain: shown.map(({ name }) => name), tickSize: 0 },
          marks: [
            Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.5 }),
            Plot.ruleY(shown, {
              y: 'name',
              x1: 'low',
              x2: 'high',
              stroke: 'var(--accent)',
              strokeWidth: 2,
              strokeOpacity: (line: { readonly sure: boolean }) => (line.sure ? 1 : 0.4),
            }),
            Plot.dot(shown, {
              y: 'name',
              x: 'estimate',
              r: 4,
              fill: 'var(--accent)',
              fillOpacity: (line: { readonly sure: boolean }) => (line.sure ? 1 : 0.4),
            }),
          ],
          opacity: { type: 'identity' },
        },
      );
    }),
  );
}
