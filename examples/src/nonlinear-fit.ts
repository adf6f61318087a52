// A curve fitted to measurements: Levenberg–Marquardt on the residuals, with the exact Jacobian. Data
// and certified answer: NIST's Misra1a (a dental study of adsorption), Statistical Reference Datasets.
import { exp, FlatMatrix, mul, neg, type Operand, sub } from '@steepest/autodiff';
import { leastSquaresOf } from '@steepest/optim';
import { check, checkAtMost } from './show/check.ts';
import { printTable, title } from './show/table.ts';

const volume = column([
  10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78,
]);
const pressure = column([
  77.6, 114.9, 141.1, 190.8, 239.9, 289, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760,
]);

/** The certified parameters and their standard deviations. */
const certified = {
  b1: [2.3894212918e2, 2.7070075241],
  b2: [5.5015643181e-4, 7.2668688436e-6],
} as const;

interface Params<T> {
  readonly b1: T;
  readonly b2: T;
}

/** b₁ (1 − e^(−b₂x)) less what was measured. */
const residuals = ({ b1, b2 }: Params<Operand>) =>
  sub(mul(b1, sub(1, exp(neg(mul(b2, pressure))))), volume);

export async function run(): Promise<void> {
  title('From a far start, b₁ = 500 and b₂ = 0.0001');
  const fit = await leastSquaresOf(residuals, { b1: 500, b2: 1e-4 });
  console.log(String(fit).replace(/^/gm, '  '));
  const errors = fit.standardErrors!;
  printTable(
    ['parameter', 'estimate', 'standard error', 'certified'],
    [
      ['b1', fit.params.b1, errors.b1, certified.b1[0]],
      ['b2', fit.params.b2, errors.b2, certified.b2[0]],
    ],
  );
  check('it has converged', fit.converged, fit.message);
  checkAtMost('the parameters have ten certified digits', off(fit.params, 0), 1e-10);
  checkAtMost('so have their standard errors', off(errors, 1), 1e-9);
}

/** The larger relative distance from the certified values. */
function off(found: Params<number>, which: 0 | 1): number {
  return Math.max(
    Math.abs(found.b1 / certified.b1[which] - 1),
    Math.abs(found.b2 / certified.b2[which] - 1),
  );
}

function column(entries: readonly number[]): FlatMatrix {
  return new FlatMatrix(entries.length, 1, entries);
}
