import * as Plot from '@observablehq/plot';
import type { Fitted } from '../fit/model.ts';
import { thinned } from './bins.ts';
import { facts, figure, pictures, section } from './html.ts';
import { picture } from './picture.ts';

const mostSteps = 500;

/** Loss and gradient norm by step, of a model that a training loop made. */
export function stepsPart({ report }: Fitted): string {
  if (report === undefined || report.history.length < 2) return '';
  const { history } = report;
  const shown = thinned(history.length, mostSteps).map((i) => history[i]);
  const over = (what: 'loss' | 'gradientNorm', title: string) => {
    const points = shown.filter((point) => Number.isFinite(point[what]));
    const log = points.every((point) => point[what] > 0);
    return points.length < 2
      ? ''
      : picture(
          { title, says: `${title}, from step ${points[0].step} to ${points.at(-1)?.step}.` },
          {
            x: { label: 'step' },
            y: {
              label: what === 'loss' ? 'loss' : 'gradient norm',
              type: log ? 'log' : 'linear',
              grid: true,
              ticks: 5,
            },
            marks: [Plot.line(points, { x: 'step', y: what, stroke: 'var(--accent)' })],
          },
        );
  };
  return section(
    'Training',
    facts([
      ['optimizer', report.optimizer],
      ['steps', figure('training.steps', report.steps)],
      ['loss', figure('training.loss', report.value)],
      ['gradient norm', figure('training.gradientNorm', report.gradientNorm)],
    ]),
    pictures(over('loss', 'Loss by step'), over('gradientNorm', 'Gradient norm by step')),
  );
}
