import type { Document, Facts, Grid, Part } from '../document/document.ts';
import { percent, probability, six, threePlaces } from '../document/numbers.ts';
import type { Printed } from '../document/printed.ts';
import type { Estimate, Summary, Test } from './figures.ts';

type Plain = Omit<Summary, keyof Printed>;

/** A summary as it is printed: coefficients, ratios, the whole model, what to know beside it. */
export function summaryDocument(found: Plain): Document {
  const outputs = [...new Set(found.estimates.map(({ output }) => output))];
  const of = (output: string | undefined) =>
    found.estimates.filter((estimate) => estimate.output === output);
  const grids = outputs.flatMap((output): Part[] => [
    coefficients(found, of(output), output),
    ...(found.ratio === undefined ? [] : [ratios(found, of(output), output)]),
  ]);
  return {
    title: `${found.model} of ${found.target}`,
    parts: [...grids, whole(found), { kind: 'notes', lines: notes(found) }],
  };
}

/** Over estimates: their errors, tests and intervals. */
export function coefficientHeader({ statistic, level }: Plain): string[] {
  return ['', 'estimate', 'std. error', statistic, 'p-value', `${percent(level)} from`, 'to'];
}

function versus(found: Plain, output: string | undefined): string | undefined {
  return output === undefined ? undefined : `${output} against ${found.classes?.[0]}`;
}

function coefficients(
  found: Plain,
  estimates: readonly Estimate[],
  output: string | undefined,
): Grid {
  const caption = versus(found, output);
  return {
    kind: 'grid',
    ...(caption === undefined ? {} : { caption }),
    header: coefficientHeader(found),
    rows: estimates.map((e) => [
      e.name,
      // What rounding left of 0 is no figure.
      Math.abs(e.statistic) < 1e-9 ? '0' : six(e.estimate),
      six(e.standardError),
      threePlaces(e.statistic),
      probability(e.pValue),
      ...e.interval.map(six),
    ]),
  };
}

function ratios(found: Plain, estimates: readonly Estimate[], output: string | undefined): Grid {
  const versusFirst = versus(found, output);
  return {
    kind: 'grid',
    ...(versusFirst === undefined ? {} : { caption: versusFirst }),
    header: ['', found.ratio ?? '', `${percent(found.level)} from`, 'to'],
    rows: estimates.flatMap(({ name, ratio }) =>
      ratio === undefined || name === '(intercept)'
        ? []
        : [[name, six(ratio.estimate), ...ratio.interval.map(six)]],
    ),
  };
}

/** A test in a line: 'F(2, 32) = 13.542, p = 5.48e-5'. */
export function testText(
  letter: 'F' | 'χ²',
  { statistic, degreesOfFreedom, pValue }: Test,
): string {
  const p = probability(pValue);
  return `${letter}(${degreesOfFreedom.map(six).join(', ')}) = ${threePlaces(statistic)}, p ${p.startsWith('<') ? p : `= ${p}`}`;
}

function whole(found: Plain): Facts {
  const {
    count,
    rows,
    leftOut,
    degreesOfFreedom,
    dispersion,
    pseudoRSquared: r,
    withScale,
  } = found;
  const entries: [string, string | undefined][] = [
    ['rows', rowsText(found, count, rows, leftOut)],
    ['residual degrees of freedom', six(degreesOfFreedom)],
    [
      found.rSquared === undefined ? 'dispersion' : 'residual std. deviation',
      found.residualDeviation === undefined
        ? undefined
        : six(found.rSquared === undefined ? dispersion.value : found.residualDeviation),
    ],
    [
      found.intercept ? 'R²' : 'R² about 0',
      found.rSquared === undefined
        ? undefined
        : `${six(found.rSquared)}, adjusted ${six(found.adjustedRSquared!)}`,
    ],
    ['F test of all columns', found.f && testText('F', found.f)],
    [
      'Wald test of all columns',
      found.wald && testText(found.wald.degreesOfFreedom.length === 2 ? 'F' : 'χ²', found.wald),
    ],
    ...(found.rSquared === undefined
      ? ([
          [
            'null deviance',
            `${six(found.nullDeviance)} on ${six(found.nullDegreesOfFreedom)} degrees of freedom`,
          ],
          [
            'residual deviance',
            `${six(found.deviance)} on ${six(degreesOfFreedom)} degrees of freedom`,
          ],
          [
            "Pearson's χ²",
            `${six(found.pearson)}, ${six(found.pearson / degreesOfFreedom)} per degree of freedom`,
          ],
        ] as [string, string][])
      : []),
    ['likelihood-ratio test', found.likelihoodRatio && testText('χ²', found.likelihoodRatio)],
    [
      'pseudo-R²',
      r &&
        [
          `McFadden ${six(r.mcFadden)}`,
          `Cox–Snell ${six(r.coxSnell)}`,
          `Nagelkerke ${six(r.nagelkerke)}`,
          ...(r.tjur === undefined ? [] : [`Tjur ${six(r.tjur)}`]),
        ].join(', '),
    ],
    ['log-likelihood', found.logLikelihood === undefined ? undefined : six(found.logLikelihood)],
    [
      'AIC, BIC',
      found.aic === undefined || found.bic === undefined
        ? undefined
        : `${six(found.aic)}, ${six(found.bic)}${withScale === undefined ? '' : ` (the variance counted: ${six(withScale.aic)}, ${six(withScale.bic)})`}`,
    ],
    ['condition number', found.condition === undefined ? undefined : six(found.condition)],
  ];
  return {
    kind: 'facts',
    entries: entries.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  };
}

function rowsText({ weights }: Plain, count: number, rows: number, leftOut: number): string {
  const counted =
    weights === 'frequency'
      ? `${six(count)} (${rows} of the table, by their frequencies)`
      : six(rows);
  return [
    counted,
    ...(weights === 'analytic' ? ['with analytic weights'] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
  ].join(', ');
}

function notes(found: Plain): string[] {
  const { dispersion, statistic, degreesOfFreedom, scale } = found;
  return [
    `Standard errors: ${found.errors ?? (dispersion.estimated && found.rSquared === undefined ? 'from the curvature of the likelihood, times √dispersion' : 'from the curvature of the likelihood')}.`,
    `Intervals: ${found.intervals === 'profile' ? 'by the profile of the likelihood' : `Wald's, by ${statistic === 't' ? `t with ${six(degreesOfFreedom)} degrees of freedom` : 'the normal distribution'}`}.`,
    ...(scale === 'prepared'
      ? ['Coefficients belong to the prepared columns: they have no raw form.']
      : []),
    ...found.warnings.map((warning) => `Note: ${warning}.`),
  ];
}
