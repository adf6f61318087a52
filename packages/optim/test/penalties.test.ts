import { FlatMatrix, item, toFlatMatrix, type Value } from '@steepest/autodiff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { l2Ball } from '../src/penalties/ball.ts';
import { box, nonNegative } from '../src/penalties/box.ts';
import { elasticNet } from '../src/penalties/elastic-net.ts';
import { groupLasso } from '../src/penalties/group.ts';
import { l1 } from '../src/penalties/l1.ts';
import type { Penalty } from '../src/penalties/penalty.ts';
import { l1Ball, simplex } from '../src/penalties/simplex.ts';

const total = (x: ArrayLike<number>, f = (y: number) => y) =>
  Array.from(x, f).reduce((a, b) => a + b, 0);
const always = () => true;

/** Each penalty, with the points at which it is finite. */
const cases: readonly (readonly [Penalty, (x: Float64Array) => boolean])[] = [
  [l1(0.7), always],
  [elasticNet(0.8, 0.3), always],
  [groupLasso(0.6, 'rows'), always],
  [groupLasso(0.6, 'columns'), always],
  [groupLasso(0.6, 'all'), always],
  [box(-0.5, 1.5), (x) => x.every((y) => y >= -0.5 && y <= 1.5)],
  [nonNegative(), (x) => x.every((y) => y >= 0)],
  [simplex(2), (x) => x.every((y) => y >= 0) && Math.abs(total(x) - 2) < 1e-12],
  [l1Ball(2), (x) => total(x, Math.abs) <= 2 + 1e-12],
  [l2Ball(1.5), (x) => Math.hypot(...x) <= 1.5 + 1e-12],
];

const entry = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(0, 1, -1));
const matrix = fc.array(entry, { minLength: 6, maxLength: 6 });
const steps = fc.double({ min: 0.01, max: 5, noNaN: true });
const numbers = (x: Value) => toFlatMatrix(x).data;

describe('a proximal operator satisfies its variational inequality, which no other point does', () => {
  for (const [penalty, allowed] of cases) {
    it(penalty.name, () => {
      fc.assert(
        fc.property(matrix, matrix, steps, (from, to, step) => {
          const x = new FlatMatrix(3, 2, from);
          const p = penalty.prox(x, step);
          expect(allowed(numbers(p))).toBe(true);
          // Any allowed point: the projection of an arbitrary one is, and so is each p.
          const z = penalty.prox(new FlatMatrix(3, 2, to), 1e-3);
          // h(z) ≥ h(p) + ⟨(x − p)/step, z − p⟩ for every z.
          const [a, b, c] = [x.data, numbers(p), numbers(z)];
          const inner = total(a.map((y, i) => ((y - b[i]) / step) * (c[i] - b[i])));
          const rise = item(penalty.value(z)) - item(penalty.value(p));
          expect(rise - inner).toBeGreaterThanOrEqual(
            (-1e-12 * (1 + Math.abs(inner))) / Math.min(step, 1),
          );
        }),
        { seed: 1, numRuns: 300 },
      );
    });
  }
});

describe('a separable penalty takes a step for each entry', () => {
  for (const [penalty] of cases.filter(([{ separable }]) => separable)) {
    it(penalty.name, () => {
      const x = new FlatMatrix(3, 2, [2, -2, 0.3, -0.1, 1, 0]);
      const step = new FlatMatrix(3, 2, [0.1, 1, 2, 0.5, 3, 1]);
      const alone = x.data.map((y, i) =>
        item(penalty.prox(new FlatMatrix(1, 1, [y]), step.data[i])),
      );
      expect(numbers(penalty.prox(x, step))).toEqual(alone);
    });
  }
});

it('soft thresholding gives exact zeros, and groups vanish together', () => {
  expect(numbers(l1(1).prox(new FlatMatrix(3, 1, [0.5, -3, 1]), 1))).toEqual(
    Float64Array.of(0, -2, 0),
  );
  const rows = groupLasso(1, 'rows').prox(new FlatMatrix(2, 2, [0.5, 0.5, 3, 4]), 1);
  const kept = 1 - Math.SQRT2 / 5;
  expect([...numbers(rows)]).toEqual([0, 0, 3 * kept, 4 * kept]);
});

it('the projection onto the simplex of a point far out stays exact', () => {
  expect([...numbers(simplex().prox(new FlatMatrix(3, 1, [1e6, 0, -1e6]), 1))]).toEqual([1, 0, 0]);
});

it('refuses strengths and sets that make no sense', () => {
  expect(() => l1(-1)).toThrow('l1: strength must be a number of at least 0, got -1');
  expect(() => box(1, 0)).toThrow('box: expected lower ≤ upper, got 1 and 0');
  expect(() => elasticNet(1, 2)).toThrow('elasticNet: share must be a number from 0 to 1, got 2');
  expect(() => groupLasso(1, 'row' as never)).toThrow('grouping must be one of "rows"');
});
