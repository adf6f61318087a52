import type { Fitted } from './model.ts';

/** A fitted model as a report: what was minimized, how it ended, coefficients, metrics, warnings. */
export function printFitted(fitted: Fitted): string {
  const { problem, certificate, metrics, warnings, ending, converged } = fitted;
  const { objective, gradientNorm, decrement, gap, condition } = certificate;
  return [
    problem.name,
    `  minimizes      ${problem.objective}`,
    `  ${converged ? 'converged' : 'NOT converged'}: ${ending}`,
    `  objective      ${objective}`,
    `  gradient norm  ${gradientNorm.toExponential(1)}`,
    `  above minimum  about ${decrement.toExponential(1)}${gap === undefined ? '' : `, at most ${gap.toExponential(1)}`}`,
    ...(condition === undefined ? [] : [`  condition      ${condition.toExponential(1)}`]),
    ...mapping(fitted),
    ...warnings.map(({ kind, message }) => `  warning        ${kind}: ${message}`),
    ...fitted.coefficients.flatMap((c) => printCoefficients(c)),
    'on the training rows',
    ...String(metrics)
      .split('\n')
      .map((line) => `  ${line}`),
  ].join('\n');
}

function mapping({ problem, classes, reading }: Fitted): string[] {
  if (classes === undefined || problem.family.perClass) return [];
  return [`  labels         ${reading.target}: "${classes[0]}" → 0, "${classes[1]}" → 1`];
}

const mostPrinted = 40;

function printCoefficients({
  output,
  names,
  values,
  intercept,
  scale,
}: Fitted['coefficients'][number]): string[] {
  const title = `coefficients${output === undefined ? '' : ` of "${output}"`}, ${scale === 'raw' ? 'raw units' : 'prepared columns'}`;
  const width = Math.max(11, ...names.map((name) => name.length));
  const line = (name: string, value: number) =>
    `  ${name.padEnd(width)}  ${Number(value.toPrecision(6))}`;
  const shown = names.slice(0, mostPrinted).map((name, j) => line(name, values[j]));
  const rest = names.length - shown.length;
  return [
    title,
    line('(intercept)', intercept),
    ...shown,
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ];
}
