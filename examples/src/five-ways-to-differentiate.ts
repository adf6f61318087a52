// One function, five ways to its derivative: symbolic, numeric (with its five faults), forward mode
// with dual numbers, reverse mode, and all of them side by side.
import {
  abs,
  compareModes,
  derivative,
  dot,
  FlatMatrix,
  grad,
  matmul,
  mul,
  numericGrad,
  type Operand,
  pow,
  record,
  square,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import { check, checkAtMost } from './show/check.ts';
import { printTable, title } from './show/table.ts';

const A = new FlatMatrix(3, 3, [2, -1, 0.5, 0, 3, 1, -2, 0.25, 1]);
const x = new FlatMatrix(3, 1, [1, -2, 0.5]);

const functions: Record<string, (x: Value) => Operand> = {
  xᵀAx: (x) => dot(x, matmul(A, x)),
  '‖x‖²': (x) => sum(square(x)),
  '‖x‖₁': (x) => sum(abs(x)),
};
const ofOneNumber: Record<string, (x: Value) => Operand> = {
  '2x³ − 1': (x) => sub(mul(2, pow(x, 3)), 1),
  'x⁵': (x) => pow(x, 5),
};

export function run(): void {
  title('Symbolic differentiation: the gradient as an expression');
  for (const [name, f] of Object.entries(functions)) printDerivative(name, f, x);
  for (const [name, f] of Object.entries(ofOneNumber)) printDerivative(name, f, 2);

  title('Forward mode (dual numbers) and reverse mode agree with the formulas');
  check('(2x³ − 1)′ at 2 is 24', derivative(ofOneNumber['2x³ − 1'])(2) === 24, 'forward');
  check('(x⁵)′ at 2 is 80', grad(ofOneNumber['x⁵'])(2) === 80, 'reverse');
  const gradient = grad(functions.xᵀAx)(x);
  const formula = matmul(A, x)
    .to1DArray()
    .map((e, i) => e + matmul(A.transpose(), x).get(i, 0));
  checkAtMost(
    'the gradient of xᵀAx is (A + Aᵀ)x',
    Math.max(...formula.map((e, i) => Math.abs(e - gradient.get(i, 0)))),
    1e-14,
  );

  title('All ways at once');
  for (const [name, f] of Object.entries(functions)) {
    const comparison = compareModes(f)(x);
    checkAtMost(`${name}: the exact ways agree`, comparison.largestDisagreement, 1e-14);
    checkAtMost(`${name}: numeric comes close`, comparison.numericDisagreement, 1e-6);
  }
  faultsOfNumericDifferentiation();
}

function printDerivative(name: string, f: (x: Value) => Operand, at: FlatMatrix | number): void {
  console.log(`  ∇ ${name.padEnd(8)} = ${record(grad(f))(at)}`);
}

function faultsOfNumericDifferentiation(): void {
  title('The five faults of numeric differentiation, at f(x) = x⁵, x = 1.7');
  const f = ofOneNumber['x⁵'];
  const error = (method: 'forward' | 'central', step: number) =>
    Math.abs(numericGrad(f, { method, step })(1.7) - 5 * 1.7 ** 4);
  const steps = [1e-1, 1e-3, 1e-5, 1e-8, 1e-12, 1e-17];
  printTable(
    ['step', 'one-sided error', 'symmetric error'],
    steps.map((step) => [step, error('forward', step), error('central', step)]),
  );
  check(
    '1. it is imprecise: even the best step leaves an error',
    best(error, steps) > 1e-11,
    'all steps',
  );
  const kinked = numericGrad((x: Value) => abs(x), { method: 'forward', step: 1e-6 })(0);
  check('2. it invents a slope where there is none', kinked === 1, `|x|′ at 0 "is" ${kinked}`);
  check(
    '3. no step is right: smaller is better, then worse',
    error('central', 1e-5) < error('central', 1e-1) &&
      error('central', 1e-5) < error('central', 1e-12),
    'central differences',
  );
  let calls = 0;
  const wide = new FlatMatrix(50, 1);
  numericGrad((x: Value) => {
    calls++;
    return sum(square(x));
  })(wide);
  check(
    '4. its cost grows with the number of inputs',
    calls >= 100,
    `${calls} calls for 50 inputs`,
  );
  check('5. below rounding it is zero', numericGrad(f, { step: 1e-17 })(1.7) === 0, 'step 1e-17');
}

function best(
  error: (method: 'forward' | 'central', step: number) => number,
  steps: readonly number[],
): number {
  return Math.min(...steps.flatMap((step) => [error('forward', step), error('central', step)]));
}
