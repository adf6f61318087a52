import { describe, expect, it } from 'vitest';
import {
  div,
  exp,
  grad,
  greater,
  jvp,
  log,
  mul,
  NaNError,
  pow,
  sqrt,
  sub,
  sum,
  type Value,
  where,
  withNaNCheck,
} from '../src/index.ts';
import { watching } from '../src/primitive/watch.ts';
import { column, entries } from './matrices.ts';

function caught(work: () => unknown): NaNError {
  try {
    withNaNCheck(work);
  } catch (error) {
    if (error instanceof NaNError) return error;
    throw error;
  }
  throw new Error('no NaN was found');
}

describe('withNaNCheck', () => {
  it('names the operation, its operands, the line and the known fix', () => {
    const error = caught(() => grad((x: Value) => sum(log(x)))(column(2, -1)));
    expect(error).toMatchObject({ operation: 'log', pass: 'forward', derivativeOf: undefined });
    expect(error.source).toMatch(/nan-check\.test\.ts:\d+:\d+$/);
    expect(error.message).toContain('log(2×1 [2, -1]) → 2×1 [0.69315, NaN]');
    expect(error.message).toMatch(/guard the input of log inside where/);
  });

  it('names the pass, and the operation whose derivative makes NaN', () => {
    // √0 · ∞ − ∞ …: the slope of sqrt at 0 is ∞, and ∞ − ∞ has no value.
    const f = (x: Value) => {
      const root = sqrt(x);
      return sub(root, mul(1, sqrt(x)));
    };
    const error = caught(() => grad(f)(0));
    expect(error.pass).toBe('backward');
    expect(error.message).toMatch(/in the backward pass/);
    const inner = caught(() => grad((x: Value) => pow(x, 0.5))(-1));
    expect(inner).toMatchObject({ operation: 'pow', pass: 'forward' });
    expect(inner.message).toMatch(/negative base takes whole powers only/);
  });

  it('blames the derivative of the operation, at the line of the operation', () => {
    const f = (x: Value) => sum(div(x, mul(x, x)));
    // 1/x² is finite, x/(x²)² overflows to ∞ · 0.
    const error = caught(() => grad(f)(Number.MIN_VALUE));
    expect(error.message).toMatch(/div|mul/);
    expect(error.source).toMatch(/nan-check\.test\.ts/);
  });

  it('lets NaN pass that was there before', () => {
    expect(withNaNCheck(() => entries(mul(column(Number.NaN), 2)))[0]).toBeNaN();
  });

  it('is content once the input is guarded', () => {
    const guarded = (x: Value) => {
      const positive = greater(x, 0);
      return sum(where(positive, log(where(positive, x, 1)), 0));
    };
    expect(entries(withNaNCheck(() => grad(guarded)(column(2, -1))))).toEqual([0.5, 0]);
  });

  it('checks forward mode too, and plain operations', () => {
    expect(caught(() => jvp((x: Value) => log(x))(-1, 1))).toMatchObject({ operation: 'log' });
    expect(caught(() => sub(exp(1000), exp(1000)))).toMatchObject({ operation: 'sub' });
    expect(caught(() => div(0, 0)).message).toContain('div(1×1 [0], 1×1 [0])');
  });

  it('shows the surroundings of the NaN in a long matrix', () => {
    const x = column(...Array.from({ length: 100 }, (_, i) => (i === 50 ? -1 : i + 1)));
    expect(caught(() => log(x)).message).toMatch(
      /→ 100×1 \[…, [\d.]+, [\d.]+, NaN, [\d.]+, [\d.]+, …\]/,
    );
  });

  it('is off before and after, whatever happens', async () => {
    expect(watching.current).toBeUndefined();
    expect(() => withNaNCheck(() => log(-1))).toThrow(NaNError);
    expect(watching.current).toBeUndefined();
    withNaNCheck(() => {
      withNaNCheck(() => undefined);
      expect(watching.current).toBeDefined();
    });
    expect(watching.current).toBeUndefined();
    const slow = withNaNCheck(() => new Promise((resolve) => setTimeout(resolve, 20)));
    const quick = withNaNCheck(async () => {
      await Promise.resolve();
      return log(-1);
    });
    await expect(quick).rejects.toThrow(/log returned NaN/);
    expect(watching.current).toBeDefined();
    await slow;
    expect(watching.current).toBeUndefined();
    expect(entries(log(-1))[0]).toBeNaN();
  });

  it('stays on for a run that starts when it is awaited', async () => {
    const started = (): Promise<unknown> => Promise.resolve().then(() => log(-1));
    const run = {
      // biome-ignore lint/suspicious/noThenProperty: as a run of train has it
      then: (...done: Parameters<Promise<unknown>['then']>) => started().then(...done),
      finally: (done: () => void) => started().finally(done),
    };
    await expect(withNaNCheck(() => run)).rejects.toThrow(NaNError);
    expect(watching.current).toBeUndefined();
  });
});
