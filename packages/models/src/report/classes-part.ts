import * as Plot from '@observablehq/plot';
import { escaped } from '../document/html.ts';
import type { ConfusionMatrix } from '../metrics/confusion.ts';
import { precisionRecallCurve } from '../metrics/precision-recall.ts';
import { rocCurve } from '../metrics/roc.ts';
import { thinned } from './bins.ts';
import { figure, grid, paragraph, pictures, section } from './html.ts';
import type { Judged } from './judged.ts';
import { picture } from './picture.ts';

const accent = 'var(--accent)';
const faint = { stroke: 'currentColor', strokeOpacity: 0.5, strokeDasharray: '4 3' } as const;
const unit = { domain: [0, 1] };

/** Where the target is a label: curves of two classes, and who is taken for whom. */
export function classesPart(judged: Judged): string {
  const { metrics, predicted } = judged;
  return section(
    `Classes, ${judged.rows}`,
    predicted.columns === 1 ? curves(judged) : '',
    metrics.confusion === undefined ? '' : confusionGrid(metrics.confusion),
  );
}

function curves({ predicted, y, metrics }: Judged): string {
  if (!y.data.includes(0) || !y.data.includes(1)) {
    return paragraph('All these rows are of one class: there are no curves to draw.');
  }
  const roc = rocCurve(predicted.data, y.data);
  const pr = precisionRecallCurve(predicted.data, y.data);
  const bins = metrics.calibration?.bins.filter(({ count }) => count > 0) ?? [];
  const most = Math.max(...bins.map(({ count }) => count));
  const areas = [
    ['area under the ROC curve', figure('roc.area', roc.area)],
    ['average precision', figure('pr.averagePrecision', pr.averagePrecision)],
    ...(metrics.calibration === undefined
      ? []
      : [['expected calibration error', figure('calibration.error', metrics.calibration.error)]]),
  ];
  return pictures(
    picture(
      {
        title: 'Receiver operating characteristic',
        says: 'True positive rate over false positive rate; the dashed diagonal is chance.',
      },
      {
        x: { ...unit, label: 'false positive rate' },
        y: { ...unit, label: 'true positive rate', grid: true },
        marks: [
          Plot.line(
            [
              [0, 0],
              [1, 1],
            ],
            faint,
          ),
          Plot.line(
            thinned(roc.thresholds.length).map((i) => [
              roc.falsePositiveRate[i],
              roc.truePositiveRate[i],
            ]),
            { stroke: accent, strokeWidth: 2 },
          ),
        ],
      },
    ),
    picture(
      { title: 'Precision over recall', says: 'Precision over recall, threshold by threshold.' },
      {
        x: { ...unit, label: 'recall' },
        y: { ...unit, label: 'precision', grid: true },
        marks: [
          Plot.line(
            thinned(pr.thresholds.length).map((i) => [pr.recall[i], pr.precision[i]]),
            { stroke: accent, strokeWidth: 2, curve: 'step-before' },
          ),
        ],
      },
    ),
    picture(
      {
        title: 'Calibration, dots by number of rows',
        says: 'Observed share over predicted probability, in ten bins; on the dashed diagonal they agree.',
      },
      {
        x: { ...unit, label: 'mean predicted probability' },
        y: { ...unit, label: 'observed share', grid: true },
        marks: [
          Plot.line(
            [
              [0, 0],
              [1, 1],
            ],
            faint,
          ),
          Plot.line(bins, {
            x: 'predicted',
            y: 'observed',
            stroke: accent,
            strokeOpacity: 0.5,
          }),
          Plot.dot(bins, {
            x: 'predicted',
            y: 'observed',
            fill: accent,
            r: {
              value: (bin: { readonly count: number }) => 2 + 7 * Math.sqrt(bin.count / most),
              scale: null,
            },
          }),
        ],
      },
    ),
    `<div>${grid(['', 'value'], areas)}</div>`,
  );
}

const mostClasses = 30;

function confusionGrid({ classes, counts, precision, recall }: ConfusionMatrix): string {
  const shown = classes.slice(0, mostClasses);
  const rows = shown.map((name, i) => {
    const all = counts[i].reduce((a, b) => a + b, 0);
    return [
      escaped(name),
      ...shown.map((other, j) => {
        const share = all === 0 ? 0 : Math.round((100 * counts[i][j]) / all);
        const cell = figure(`confusion.${name}.${other}`, counts[i][j]);
        return `<span class="cell" style="--share:${share}%">${cell}</span>`;
      }),
      figure(`recall.${name}`, recall[i], recall[i].toFixed(3)),
    ];
  });
  const last = shown.map((name, j) =>
    figure(`precision.${name}`, precision[j], precision[j].toFixed(3)),
  );
  return [
    paragraph('Confusion: rows are the true classes, columns the predicted ones.'),
    grid(['true \\ predicted', ...shown, 'recall'], [...rows, ['precision', ...last, '']]),
    classes.length > mostClasses ? paragraph(`The first ${mostClasses} of ${classes.length}.`) : '',
  ].join('\n');
}
