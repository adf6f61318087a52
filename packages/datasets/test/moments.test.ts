import { describe, expect, test } from 'vitest';
import { moments } from '../src/steps/moments.ts';

/** With differences from the exact mean, in pairs, in a unit that suits them. */
function reference(given: readonly number[]): { mean: number; deviation: number } {
  const unit = 2 ** Math.floor(Math.log2(Math.max(...given.map(Math.abs))));
  const values = given.map((v) => v / unit);
  const total = (x: readonly number[]): number =>
    x.length <= 8
      ? x.reduce((a, b) => a + b, 0)
      : total(x.slice(0, x.length >> 1)) + total(x.slice(x.length >> 1));
  let mean = total(values) / values.length;
  mean += total(values.map((v) => v - mean)) / values.length;
  const variance = total(values.map((v) => (v - mean) ** 2)) / values.length;
  return { mean: unit * mean, deviation: unit * Math.sqrt(variance) };
}

describe('moments in one pass are those of two', () => {
  const wave = Array.from({ length: 1001 }, (_, i) => Math.sin(i * i));
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['about 0', wave],
    ['far from 0', wave.map((v) => 1e9 + v)],
    ['of small units', wave.map((v) => 1e-140 * v)],
    ['whose squares are 0', wave.map((v) => 1e-200 * v)],
    ['of large units', wave.map((v) => 1e120 * v)],
    ['in order', wave.map((_, i) => i)],
    ['with one far away, which is looked at first', [1e12, ...wave.map((v) => v / 1e3)]],
    ['with one far away, which is not', [...wave, 1e12]],
  ];
  test.each(cases)('%s', (_, values) => {
    const { mean, deviation, count } = moments(Float64Array.from(values));
    const expected = reference(values);
    expect(count).toBe(values.length);
    expect(Math.abs(mean - expected.mean)).toBeLessThanOrEqual(
      4e-15 * (Math.abs(expected.mean) + expected.deviation),
    );
    expect(Math.abs(deviation / expected.deviation - 1)).toBeLessThan(1e-12);
  });
  test('of one value that no sum of it is exact for', () => {
    expect(moments(new Float64Array(1000).fill(0.1))).toEqual({
      mean: 0.1,
      deviation: 0,
      count: 1000,
    });
  });
  test('with holes', () => {
    const holed = wave.flatMap((v) => [v, Number.NaN]);
    const { mean, deviation, count } = moments(Float64Array.from(holed));
    expect(count).toBe(wave.length);
    expect(mean).toBeCloseTo(reference(wave).mean, 14);
    expect(deviation).toBeCloseTo(reference(wave).deviation, 14);
  });
});
