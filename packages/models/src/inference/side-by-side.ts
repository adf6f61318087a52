import { type Option, option, refusal, type Spec, settle } from '@steepest/ground';
import type { Document } from '../document/document.ts';
import { six } from '../document/numbers.ts';
import { type Printed, printed } from '../document/printed.ts';
import type { Estimate, Summary } from './figures.ts';

export interface SideBySideOptions {
  /** A heading for each model; (1), (2), … unless given. */
  readonly headings?: readonly string[];
  /** Whether small p-values are marked: * below 0.05, ** below 0.01, *** below 0.001. */
  readonly stars?: boolean;
}

const headings: Option<readonly string[], 'optional'> = option<readonly string[]>({
  expected: 'a list of texts',
  accepts: (x) => Array.isArray(x) && x.every((text) => typeof text === 'string'),
  sample: "['small', 'large']",
});

const spec = {
  headings,
  stars: option<boolean, boolean>(
    { expected: 'true or false', accepts: (x) => typeof x === 'boolean' },
    false,
  ),
} satisfies Spec<SideBySideOptions>;

/** Several models in one table; prints as text, Markdown, LaTeX and HTML. */
export interface SideBySide extends Printed {
  readonly headings: readonly string[];
  readonly models: readonly Summary[];
}

/**
 * Summaries in the columns of one table, as articles print them: each estimate over its standard error
 * in brackets. Throws for other than summaries, and for a number of headings that is not theirs.
 *
 * ```ts
 * console.log(sideBySide([summary(a, train), summary(b, train)]).toLatex());
 * ```
 */
export function sideBySide(
  models: readonly Summary[],
  options: SideBySideOptions = {},
): SideBySide {
  const settled = settle('sideBySide', options, spec);
  const whole =
    Array.isArray(models) &&
    models.length > 0 &&
    models.every((one) => Array.isArray((one as Partial<Summary> | null)?.estimates));
  if (!whole) {
    throw refusal('sideBySide', 'expected a list of summaries', models, 'write sideBySide([a, b])');
  }
  const titles = settled.headings ?? models.map((_, i) => `(${i + 1})`);
  if (titles.length !== models.length) {
    throw new RangeError(
      `sideBySide: ${titles.length} headings for ${models.length} models; give one for each`,
    );
  }
  return printed({ headings: titles, models }, (found) => documentOf(found, settled.stars));
}

function documentOf(
  { headings, models }: Omit<SideBySide, keyof Printed>,
  stars: boolean,
): Document {
  const names: string[] = [];
  for (const { estimates } of models) {
    // A name that is new stands after the one before it.
    let last = -1;
    for (const estimate of estimates) {
      const name = nameOf(estimate);
      const found = names.indexOf(name);
      if (found < 0) names.splice(++last, 0, name);
      else last = found;
    }
  }
  const lines = names.flatMap((name) => {
    const cells = models.map(({ estimates }) => estimates.find((e) => nameOf(e) === name));
    return [
      [
        name,
        ...cells.map((e) => (e === undefined ? '' : fourDigits(e.estimate) + starsOf(e, stars))),
      ],
      ['', ...cells.map((e) => (e === undefined ? '' : `(${fourDigits(e.standardError)})`))],
    ];
  });
  const figures = rowsOfFigures.flatMap(([name, of]) => {
    const values = models.map(of);
    if (values.every((value) => value === undefined)) return [];
    return [[name, ...values.map((value) => (value === undefined ? '' : six(value)))]];
  });
  return {
    title: [...new Set(models.map(({ model, target }) => `${model} of ${target}`))].join('; '),
    parts: [
      {
        kind: 'grid',
        header: ['', ...headings],
        rows: [...lines, ...figures],
        rules: [lines.length],
      },
      { kind: 'notes', lines: notesOf(headings, models, stars) },
    ],
  };
}

const rowsOfFigures: readonly (readonly [string, (of: Summary) => number | undefined])[] = [
  ['rows', ({ count }) => count],
  ['R²', ({ rSquared, intercept }) => (intercept ? rSquared : undefined)],
  ['R² about 0', ({ rSquared, intercept }) => (intercept ? undefined : rSquared)],
  ['adjusted R²', ({ adjustedRSquared }) => adjustedRSquared],
  ['residual std. deviation', ({ rSquared, residualDeviation }) => rSquared && residualDeviation],
  ["McFadden's R²", ({ pseudoRSquared }) => pseudoRSquared?.mcFadden],
  ['deviance', ({ rSquared, deviance }) => (rSquared === undefined ? deviance : undefined)],
  ['log-likelihood', ({ logLikelihood }) => logLikelihood],
  ['AIC', ({ aic }) => aic],
  ['BIC', ({ bic }) => bic],
];

function nameOf({ name, output }: Estimate): string {
  return output === undefined ? name : `${output}: ${name}`;
}

function fourDigits(x: number): string {
  return String(Number(x.toPrecision(4)));
}

function starsOf({ pValue }: Estimate, stars: boolean): string {
  if (!stars) return '';
  return pValue < 0.001 ? '***' : pValue < 0.01 ? '**' : pValue < 0.05 ? '*' : '';
}

function notesOf(
  headings: readonly string[],
  models: readonly Summary[],
  stars: boolean,
): string[] {
  const errors = models.map(({ errors }) => errors ?? 'from the curvature of the likelihood');
  const one = new Set(errors).size === 1;
  return [
    one
      ? `Standard errors in brackets: ${errors[0]}.`
      : `Standard errors in brackets: ${errors.map((text, i) => `${headings[i]} ${text}`).join('; ')}.`,
    ...(stars ? ['* p < 0.05, ** p < 0.01, *** p < 0.001.'] : []),
  ];
}
