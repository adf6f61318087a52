import type { Document } from '../document/document.ts';
import type { Printed } from '../document/printed.ts';
import { measureInWords } from '../metrics/measure.ts';
import type { CrossValidation } from './cross-validation.ts';

/** What a cross-validation prints: a row for each fold, then mean and standard error. */
export function crossValidationDocument(of: Omit<CrossValidation, keyof Printed>): Document {
  const { problem, how, target, folds, measures, warnings } = of;
  const figures = Object.values(measures);
  const line = (name: string, trained: string, held: string, values: readonly number[]) => [
    name,
    trained,
    held,
    ...values.map(short),
  ];
  const total = folds.reduce((sum, { rows }) => sum + rows.validation, 0);
  return {
    title: `${problem.name} of "${target}", cross-validated: ${how}`,
    parts: [
      {
        kind: 'grid',
        header: ['fold', 'trained on', 'judged by', ...Object.keys(measures).map(measureInWords)],
        rows: [
          ...folds.map(({ rows }, k) =>
            line(
              String(k + 1),
              String(rows.train),
              String(rows.validation),
              figures.map((figure) => figure.folds[k]),
            ),
          ),
          line(
            'mean',
            '',
            String(total),
            figures.map(({ mean }) => mean),
          ),
          line(
            'standard error',
            '',
            '',
            figures.map(({ standardError }) => standardError),
          ),
        ],
        rules: [folds.length],
      },
      { kind: 'notes', lines: warnings.map(({ kind, message }) => `${kind}: ${message}`) },
    ],
  };
}

function short(value: number): string {
  return Number.isNaN(value) ? 'none' : String(Number(value.toPrecision(5)));
}
