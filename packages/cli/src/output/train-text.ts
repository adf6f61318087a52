import { measureInWords } from '@steepest/models';
import type { Sureness } from '../fitting/sureness.ts';
import type { Colors } from './colours.ts';
import { grid, probability, six } from './grid.ts';
import { judgementText } from './measures-text.ts';
import type { ModelFacts, TrainFacts } from './train-facts.ts';

/** The report that `train` ends with. */
export function trainText(facts: TrainFacts): (colours: Colors) => string {
  return (colours) => {
    const { data, model, test, crossValidation: folds, seconds } = facts;
    const heading = (text: string) => colours.bold(text);
    const parts = [
      `${heading(`${model.name} of ${facts.target.name}`)}${classesText(facts.target.classes)}`,
      dataText(data),
      `${heading('Columns')}\n${columnsText(facts)}`,
      `${heading('Model')}\n${modelText(model, colours)}`,
      `${heading('Coefficients, in the units of the file')}\n${coefficientsText(facts)}`,
      ...(test === undefined
        ? [`${heading('On the training rows')}\n${measuresText(facts.training)}`]
        : [`${heading(`On ${test.rows} rows it did not see`)}\n${judgementText(test)}`]),
      ...(folds === undefined
        ? []
        : [
            `${heading(`Cross-validation, ${folds.how}`)}\n${grid([
              ['', 'mean', 'std. error'],
              ...Object.entries(folds.measures).map(([name, { mean, standardError }]) => [
                measureInWords(name),
                six(mean),
                six(standardError),
              ]),
            ])}`,
          ]),
      ...(facts.warnings.length === 0
        ? []
        : [
            `${heading('Warnings')}\n${facts.warnings.map(({ message }) => `  ${colours.yellow('!')} ${message}`).join('\n')}`,
          ]),
      endText(facts),
      colours.dim(
        `read ${seconds.read.toFixed(2)} s, fit ${seconds.fit.toFixed(2)} s, judged ${seconds.judge.toFixed(2)} s`,
      ),
    ];
    return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  };
}

function classesText(classes: readonly string[]): string {
  if (classes.length === 0) return '';
  return classes.length === 2
    ? `: how probable ${JSON.stringify(classes[1])} is, against ${JSON.stringify(classes[0])}`
    : `: ${classes.length} classes`;
}

function dataText({ file, rows, dropped, train, test, held }: TrainFacts['data']): string {
  const without = dropped === 0 ? '' : `, ${dropped} more without a target`;
  return `${file}: ${rows} rows${without}; ${train} to learn from, ${test} to judge by (${held})`;
}

function columnsText({ columns, leftOut }: TrainFacts): string {
  const used = columns.map(({ name, type, how }) => [name, type, how]);
  return grid([...used, ...leftOut.map(({ name, why }) => [name, 'left out', why])]);
}

/** What was minimized, and how sure it is that this is the minimum. */
export function modelText(model: ModelFacts, colours: Colors): string {
  const { converged, ending, above } = model;
  return grid([
    ['minimizes', model.objective],
    ...(model.penalty === undefined ? [] : [['penalty', model.penalty]]),
    [converged ? colours.green('converged') : colours.red('not converged'), ending],
    ['objective', six(model.value)],
    ['gradient norm', model.gradientNorm.toExponential(1)],
    ...(above === undefined ? [] : [['above minimum', `at most about ${above.toExponential(1)}`]]),
    ...(model.condition === undefined ? [] : [['condition', model.condition.toExponential(1)]]),
  ]);
}

/** Coefficients; with errors, p-values and intervals where there are any. */
export function coefficientsText({ coefficients, statistic, noErrors }: Sureness): string {
  const classes = coefficients.some(({ output }) => output !== undefined);
  const ratios = coefficients.some(({ ratio }) => ratio !== undefined);
  const head = ['', ...(classes ? ['class'] : []), 'estimate'];
  if (statistic !== undefined) head.push('std. error', statistic, 'p', '95 % from', 'to');
  if (ratios) head.push('e^estimate');
  const rows = coefficients.map((each) => [
    each.name,
    ...(classes ? [each.output ?? ''] : []),
    six(each.estimate),
    ...(statistic === undefined
      ? []
      : [
          six(each.standardError),
          each.statistic?.toFixed(2) ?? '',
          each.pValue === undefined ? '' : probability(each.pValue),
          six(each.low),
          six(each.high),
        ]),
    ...(ratios ? [six(each.ratio)] : []),
  ]);
  const note = noErrors === undefined ? '' : `\n  no standard errors: ${noErrors}`;
  return `${grid([head, ...rows])}${note}`;
}

function measuresText(measures: Readonly<Record<string, number>>): string {
  return grid([
    ['', ''],
    ...Object.entries(measures).map(([name, value]) => [measureInWords(name), six(value)]),
  ]).replace(/^\s*\n/, '');
}

function endText({ saved, report, interrupted, data, model }: TrainFacts): string {
  const inFile =
    saved === undefined
      ? 'not kept: add --save model.json'
      : `saved in ${saved}: steepest predict ${saved} ${data.file}`;
  const kept = report === undefined ? inFile : `report in ${report}; ${inFile}`;
  return interrupted === undefined
    ? kept
    : `interrupted (${model.ending}); ${kept}; ${interrupted}`;
}
