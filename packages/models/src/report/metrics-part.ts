import { percent } from '../document/numbers.ts';
import type { Fitted } from '../fit/model.ts';
import { measureInWords, measuresIn } from '../metrics/measure.ts';
import { measureIntervals } from '../metrics/measure-intervals.ts';
import { figure, grid, paragraph, section } from './html.ts';
import type { Judged } from './judged.ts';

/** How well the model does, with intervals where rows count once each. */
export function metricsPart(fitted: Fitted, judged: Judged | undefined, level: number): string {
  const metrics = judged?.metrics ?? fitted.metrics;
  const intervals =
    judged === undefined || judged.weighted
      ? {}
      : measureIntervals(fitted.problem, judged.predicted, judged.y, { level });
  const rows = measuresIn(metrics).map(([name, value]) => {
    const interval = intervals[name];
    return [
      measureInWords(name),
      figure(`metrics.${name}`, value),
      ...(interval === undefined
        ? ['', '', '']
        : [
            figure(`metrics.${name}.low`, interval.low),
            figure(`metrics.${name}.high`, interval.high),
            interval.method,
          ]),
    ];
  });
  return section(
    `Metrics on ${judged?.rows ?? `the ${metrics.rows} training rows`}`,
    judged?.rows.includes(' test ')
      ? ''
      : paragraph('The model has seen these rows: on others it will do worse.'),
    grid(['', 'value', `${percent(level)} from`, 'to', 'by'], rows),
  );
}
