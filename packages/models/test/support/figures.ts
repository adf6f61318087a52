import { expect } from 'vitest';

/** The greatest relative difference of two nested lists of numbers, entry by entry. */
export function difference(found: unknown, expected: unknown): number {
  if (Array.isArray(expected)) {
    const list = Array.from(found as ArrayLike<unknown>);
    if (list.length !== expected.length) return Infinity;
    return Math.max(0, ...expected.map((entry, i) => difference(list[i], entry)));
  }
  const [a, b] = [Number(found), Number(expected)];
  if (a === b) return 0;
  // A figure that is 0 but for rounding agrees with another.
  if (Math.abs(a) < 1e-10 && Math.abs(b) < 1e-10) return 0;
  return Math.abs(a - b) / Math.abs(b);
}

/** Every figure agrees to so many parts of itself. */
export function expectFigures(
  found: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
  relative = 1e-9,
): void {
  const off = Object.keys(found).flatMap((name) => {
    const by = difference(found[name], expected[name]);
    return by <= relative
      ? []
      : [
          `${name}: ${by}: ${JSON.stringify(found[name])?.slice(0, 80)} for ${JSON.stringify(expected[name])?.slice(0, 80)}`,
        ];
  });
  expect(off).toEqual([]);
}
