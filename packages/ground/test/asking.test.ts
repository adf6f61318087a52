import { expect, it } from 'vitest';
import { type Asking, answered, atOnce, got, type Later } from '../src/index.ts';

function* sum(questions: readonly (() => Later<number>)[]): Asking<number> {
  let total = 0;
  for (const ask of questions) total += yield* got(ask());
  return total;
}
const failing = (): Promise<number> => Promise.reject(new RangeError('no answer'));

it('runs at once where every answer is there, and waits for those that come later', async () => {
  expect(answered(sum([() => 1, () => 2]))).toBe(3);
  expect(atOnce(sum([() => 1, () => 2]))).toBe(3);
  const later = answered(sum([() => 1, async () => 2, () => 3]));
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toBe(6);
});

it('throws within the computation what an answer fails with', async () => {
  await expect(async () => answered(sum([() => 1, failing]))).rejects.toThrow('no answer');
  function* mending(): Asking<number> {
    try {
      return yield* sum([failing]);
    } catch {
      return yield* got(Promise.resolve(7));
    }
  }
  expect(await answered(mending())).toBe(7);
});

it('refuses to wait where it cannot', () => {
  expect(() => atOnce(sum([async () => 1]))).toThrow(/answers? later/);
  expect(() => atOnce(sum([failing]))).toThrow(/answers? later/);
});
