import { add, cos, FlatMatrix, mul, square, sub, sum, type Value } from '@steepest/autodiff';
import { expect, it } from 'vitest';
import { memoryCheckpoint, minimize } from '../src/index.ts';

// Rastrigin's function (1974): a minimum near every integer point, the lowest at 0.
const rastrigin = (x: Value) => sum(sub(add(10, square(x)), mul(10, cos(mul(2 * Math.PI, x)))));
const start = new FlatMatrix(2, 1, [3.2, -2.1]);

it('several starts find a lower minimum than one, the same for the same seed', async () => {
  const one = await minimize(rastrigin, start);
  const several = await minimize(rastrigin, start, { starts: 40 });
  expect(one.value).toBeGreaterThan(5);
  expect(several.value).toBeLessThan(1.5);
  expect(several.converged).toBe(true);
  const again = await minimize(rastrigin, start, { starts: 40, seed: 1 });
  expect(again.params.data).toEqual(several.params.data);
  const other = await minimize(rastrigin, start, { starts: 40, seed: 2 });
  expect(other.params.data).not.toEqual(several.params.data);
});

it('never ends above the run from x0 itself, which comes first', async () => {
  const bowl = (x: Value) => square(sub(x, 2));
  const one = await minimize(bowl, 7);
  const several = await minimize(bowl, 7, { starts: 3 });
  expect(several.value).toBeLessThanOrEqual(one.value);
  const steps: number[] = [];
  for await (const { step } of minimize(bowl, 7, { starts: 3 })) steps.push(step);
  expect(steps.filter((step) => step === 0)).toHaveLength(3);
});

it('refuses a checkpoint, which keeps one run', () => {
  expect(() => minimize(rastrigin, start, { starts: 2, checkpoint: memoryCheckpoint() })).toThrow(
    'give one of the two',
  );
  expect(() => minimize(rastrigin, start, { starts: 0 })).toThrow('minimize: starts must be');
});
