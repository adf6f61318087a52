import { FlatMatrix, square, sub, type Value } from '@steepest/autodiff';
import { describe, expect, it } from 'vitest';
import {
  barzilaiBorwein,
  bfgs,
  lbfgsb,
  minimize,
  newton,
  newtonCg,
  type Stepper,
} from '../../src/index.ts';
import { gradeOf, mghCases, objectiveOf } from '../support/mgh.ts';

const slow = 'first-order information only: too slow on its ill-conditioned valley';

/** Each method, with the problems of Moré, Garbow and Hillstrom that it does not solve tightly. */
const methods: readonly (readonly [Stepper, Readonly<Record<string, string>>])[] = [
  [newton(), { '22-extended-powell-singular-n-100': 'the Hessian is singular at the minimum' }],
  [newtonCg(), { '22-extended-powell-singular-n-100': 'the Hessian is singular at the minimum' }],
  [bfgs(), {}],
  [lbfgsb(), { '20-watson-n-9': 'condition 1e8: the gradient is small before the value is low' }],
  [
    barzilaiBorwein(),
    {
      '11-gulf-research-and-development': slow,
      '17-osborne-1': slow,
      '20-watson-n-9': slow,
      '22-extended-powell-singular-n-12': 'the Hessian is singular at the minimum',
      '22-extended-powell-singular-n-100': 'the Hessian is singular at the minimum',
    },
  ],
];

describe('solves the problems of Moré, Garbow and Hillstrom from their standard starts:', () => {
  for (const [method, exceptions] of methods) {
    it(method.name, { timeout: 60_000 }, async () => {
      const missed: Record<string, string> = {};
      for (const problem of mghCases) {
        const x0 = new FlatMatrix(problem.x0.length, 1, problem.x0);
        const result = await minimize(objectiveOf(problem), x0, { method, maxSteps: 2500 });
        const grade = gradeOf(problem, result.value);
        if (!grade.startsWith('tight')) missed[problem.id.slice(4)] = `${grade}, ${result.reason}`;
        if (result.converged) expect(grade, problem.id).not.toBe('not solved');
      }
      expect(Object.keys(missed).filter((id) => !(id in exceptions))).toEqual([]);
    });
  }
});

it('the parameters may have any structure', async () => {
  const { rosenbrock } = await import('../support/problems.ts');
  for (const [method] of methods) {
    const { params, value } = await minimize(rosenbrock.loss, rosenbrock.params, {
      method,
      maxSteps: 5000,
    });
    expect(value, method.name).toBeLessThan(1e-10);
    expect(Object.keys(params)).toEqual(['x', 'y']);
  }
});

it('a bare number is minimized as well, also where its gradient is exactly 0', async () => {
  for (const [method] of methods) {
    const { params, converged } = await minimize((x: Value) => square(sub(x, 2)), 7, { method });
    expect(converged, method.name).toBe(true);
    expect(params, method.name).toBeCloseTo(2, 8);
  }
});
