import {
  add,
  FlatMatrix,
  mul,
  slice,
  square,
  sub,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import { minimize } from '../src/index.ts';
import { digitsOf, nistCases, objectiveOf } from './support/nist.ts';
import { expectClose } from './support/reference.ts';

const column = (entries: readonly number[]) => new FlatMatrix(entries.length, 1, entries);

describe("the coding of NIST's nonlinear regressions is right at both starts", () => {
  for (const problem of nistCases) {
    test(problem.name, () => {
      const { check, start1, start2 } = problem;
      const evaluate = valueAndGrad(objectiveOf(problem));
      const { value, gradient } = evaluate(column(start2));
      expectClose([evaluate(column(start1)).value], [check.rss_at_start1], 1e-12);
      expectClose([value], [check.rss_at_start2], 1e-12);
      const scale = Math.max(...check.grad_at_start2.map(Math.abs));
      expectClose(
        gradient.data.map((y) => y / scale + 2),
        check.grad_at_start2.map((y) => y / scale + 2),
        1e-12,
      );
    });
  }
});

test('minimize says converged only where every parameter has 4 certified digits or more', async () => {
  const unsolved: string[] = [];
  for (const problem of nistCases) {
    for (const start of ['start1', 'start2'] as const) {
      const result = await minimize(objectiveOf(problem), column(problem[start]));
      const digits = digitsOf(problem, result.params.to1DArray());
      if (result.converged) expect(digits, problem.name).toBeGreaterThanOrEqual(4);
      if (digits < 4) unsolved.push(`${problem.name} ${start}: ${result.reason}`);
    }
  }
  // Far starts that need more steps, or a method for least squares; which of them depends on the
  // last bits of Math.exp.
  expect(unsolved.length).toBeLessThanOrEqual(3);
  for (const line of unsolved) {
    expect(line).toMatch(
      /^(Gauss3 start1|MGH10 start1|Nelson start1): (stepLimit|lineSearchFailed)$/,
    );
  }
});

test('a small unit does not pass for a minimum: the tolerance shrinks with the objective', async () => {
  for (const unit of [1e-16, 1e-12, 1e-6, 1, 1e6]) {
    const result = await minimize((x: Value) => mul(unit, rosenbrock(x)), column([-1.2, 1]));
    expect(result.converged, String(result)).toBe(true);
    expectClose(result.params.to1DArray(), [1, 1], 1e-6);
  }
});

function rosenbrock(x: Value): Value {
  const [a, b] = [slice(x, [0, 1]), slice(x, [1, 2])];
  return add(square(sub(1, a)), mul(100, square(sub(b, square(a)))));
}
