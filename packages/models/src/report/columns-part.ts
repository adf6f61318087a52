import * as Plot from '@observablehq/plot';
import { type ColumnSummary, describe, select, type Table } from '@steepest/datasets';
import { escaped } from '../document/html.ts';
import type { Fitted } from '../fit/model.ts';
import { type Bar, barsOf } from './bins.ts';
import { figure, grid, paragraph, section } from './html.ts';
import { picture } from './picture.ts';

const mostColumns = 60;
const mostLevels = 8;

/** What the columns hold that the model reads, the target first. */
export function columnsPart({ reading }: Fitted, table: Table): string {
  const used = [reading.target, ...(reading.preparation?.features ?? [])];
  const { columns } = describe(select(table, used));
  const shown = columns.slice(0, mostColumns);
  const rows = shown.map((column) => [escaped(column.name), ...figuresOf(column)]);
  const more = columns.length - shown.length;
  return section(
    'Columns of the training rows',
    `<div class="small">\n${shown.map((column) => distribution(table, column)).join('\n')}\n</div>`,
    grid(['', 'type', 'missing', 'distinct', 'mean', 'deviation', 'least', 'greatest'], rows),
    more > 0 ? paragraph(`… and ${more} more columns`) : '',
  );
}

function figuresOf(column: ColumnSummary): string[] {
  const { name, type, missing, distinct } = column;
  const optional = (what: 'mean' | 'deviation' | 'least' | 'greatest') => {
    const value = column[what];
    if (value === undefined) return '';
    const day = type === 'date' && what !== 'deviation' && Number.isFinite(value);
    return figure(
      `columns.${name}.${what}`,
      value,
      ...(day ? [new Date(value).toISOString().slice(0, 10)] : []),
    );
  };
  return [
    type,
    figure(`columns.${name}.missing`, missing),
    figure(`columns.${name}.distinct`, distinct),
    optional('mean'),
    optional('deviation'),
    optional('least'),
    optional('greatest'),
  ];
}

function distribution(table: Table, { name, type }: ColumnSummary): string {
  const column = table.columns.get(name);
  if (column === undefined || column.type === 'text') return '';
  const numeric = column.type === 'number' || column.type === 'date';
  const bars = numeric ? barsOf(column.values) : [];
  const levels = numeric
    ? []
    : levelsOf(
        column.type === 'category' ? column.codes : column.values,
        column.type === 'category' ? column.levels : ['false', 'true'],
      );
  if (bars.length === 0 && levels.length === 0) return '';
  const options = { width: 210, height: 104, marginTop: 6, marginBottom: 22, marginRight: 14 };
  const about = { title: name, says: `How the values of ${name} are spread.` };
  return numeric
    ? picture(about, {
        ...options,
        marginLeft: 14,
        x: { label: null, ticks: 3, ...(type === 'date' ? { type: 'utc' as const } : {}) },
        y: { axis: null },
        marks: [
          Plot.rectY(
            bars.filter(({ count }) => count > 0),
            {
              x1: (bar: Bar) => (type === 'date' ? new Date(bar.from) : bar.from),
              x2: (bar: Bar) => (type === 'date' ? new Date(bar.to) : bar.to),
              y: 'count',
              fill: 'var(--accent)',
              insetLeft: 0.5,
              insetRight: 0.5,
            },
          ),
        ],
      })
    : picture(about, {
        ...options,
        marginLeft: 72,
        x: { axis: null },
        y: { label: null, domain: levels.map((level) => level.label), tickSize: 0 },
        marks: [Plot.barX(levels, { y: 'label', x: 'count', fill: 'var(--accent)', inset: 0.5 })],
      });
}

function levelsOf(codes: ArrayLike<number>, levels: readonly string[]): LevelCount[] {
  const counts = new Float64Array(levels.length);
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) counts[codes[i]]++;
  const all = levels.map((name, k) => ({
    label: name.length > 10 ? `${name.slice(0, 9)}…` : name,
    count: counts[k],
  }));
  return all.sort((a, b) => b.count - a.count).slice(0, mostLevels);
}

interface LevelCount {
  readonly label: string;
  readonly count: number;
}
