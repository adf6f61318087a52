import { features } from '@steepest/wasm';
import { describe, expect, it } from 'vitest';
import { type Entry, entries, exactOrder, powerEntry, relaxed } from '../src/kernels/index.ts';
import { evaluated } from './kernels-evaluate.ts';
import { entryNamed, largestError, plainFunctions, reference } from './kernels-reference.ts';

// The largest error on 50 000 random points each, and some room; the bound that is promised is 2.
const bounds: Readonly<Record<string, number>> = {
  exp: 0.75,
  expm1: 1.2,
  log: 0.8,
  log1p: 0.8,
  sigmoid: 1.2,
  softplus: 1.6,
  logSigmoid: 1.6,
  tanh: 1.6,
  sinh: 1.7,
  cosh: 1.2,
};

describe('against values computed with 70 digits', () => {
  it.each(Object.entries(reference))('%s errs by little', (name, lines) => {
    const { error, at } = largestError(name, lines, exactOrder);
    expect(error, `at ${at}`).toBeLessThan(bounds[name]);
  });
});

const { MAX_VALUE, MIN_VALUE, NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const special = [nan, 0, -0, infinity, -infinity, MAX_VALUE, -MAX_VALUE, MIN_VALUE, -MIN_VALUE, 1];

describe('special values', () => {
  it.each(Object.entries(plainFunctions))(
    '%s has exactly the special values of JavaScript',
    (name, plain) => {
      const xs = [...special, -1, 2 ** -1022, 709.9, 710.6, 711, -746, -1e300, 1e300];
      const values = evaluated(entryNamed(name), [Float64Array.from(xs)], exactOrder);
      xs.forEach((x, k) => {
        const expected = plain(x);
        const ordinary = Number.isFinite(expected) && Math.abs(expected) > MIN_VALUE;
        if (!ordinary) expect(values[k], `${name}(${x})`).toBe(expected);
        else expect(values[k] / expected, `${name}(${x})`).toBeCloseTo(1, 14);
      });
    },
  );

  it('thresholds of overflow and underflow are where they belong', () => {
    const at = (name: string, x: number) =>
      evaluated(entryNamed(name), [Float64Array.of(x)], exactOrder)[0];
    expect(at('exp', 709.782712893384)).toBeLessThan(infinity);
    expect(at('exp', 709.7827128933841)).toBe(infinity);
    expect(at('exp', -745.1332191019411)).toBe(MIN_VALUE);
    expect(at('exp', -745.1332191019412)).toBe(0);
    expect(at('cosh', 710.4758600739439)).toBeLessThan(infinity);
    expect(at('sinh', 710.475860073944)).toBe(infinity);
    expect(at('log', MIN_VALUE)).toBe(Math.log(MIN_VALUE));
    expect(at('expm1', MIN_VALUE)).toBe(MIN_VALUE);
    expect(at('tanh', -MIN_VALUE)).toBe(-MIN_VALUE);
    expect(at('softplus', -745)).toBe(MIN_VALUE);
  });
});

const exact: Readonly<Record<string, (...xs: number[]) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  product: (a, b) => (a === 0 || b === 0 ? 0 : a * b),
  greater: (a, b) => (a > b ? 1 : 0),
  greaterEqual: (a, b) => (a >= b ? 1 : 0),
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  maximum: Math.max,
  minimum: Math.min,
  share: (a, b) => (a > b ? 1 : a === b ? 0.5 : a < b ? 0 : nan),
  neg: (x) => -x,
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : x),
  relu: (x) => Math.max(x, 0),
  where: (c, a, b) => (c !== 0 ? a : b),
};

describe('bit for bit', () => {
  const values = [...special, -1, 0.5, -2.5, 3];
  const triples = values.flatMap((a) => values.flatMap((b) => values.map((c) => [a, b, c])));

  it.each(Object.entries(exact))(
    '%s is what JavaScript computes, on every special value',
    (name, plain) => {
      const operands = Array.from({ length: plain.length || 2 }, (_, k) =>
        Float64Array.from(triples, (triple) => triple[k]),
      );
      const result = evaluated(entryNamed(name), operands, exactOrder);
      triples.forEach((triple, k) => {
        const expected = plain(...triple.slice(0, operands.length));
        if (!Object.is(result[k], expected)) {
          expect.fail(`${name}(${triple}): ${result[k]}, expected ${expected}`);
        }
      });
    },
  );

  it('xlogy is 0 at x = 0 but for a NaN', () => {
    const pairs = values.flatMap((x) => values.map((y) => [x, y]));
    const operands = [0, 1].map((k) => Float64Array.from(pairs, (pair) => pair[k]));
    const result = evaluated(entries.xlogy, operands, exactOrder);
    pairs.forEach(([x, y], k) => {
      const expected = x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y);
      if (Object.is(result[k], expected)) return;
      expect(Math.abs(result[k] / expected - 1), `xlogy(${x}, ${y})`).toBeLessThan(1e-15);
    });
  });
});

it('constant powers are those of **, special values included', () => {
  const xs = [...special, -1, 0.5, -2.5, 3, 1e-160, 1e160];
  for (const exponent of [0, 1, 2, 3, 4, -1, -2, 0.5]) {
    const entry = powerEntry(exponent) as Entry;
    const result = evaluated(entry, [Float64Array.from(xs)], exactOrder);
    xs.forEach((x, k) => {
      const expected = x ** exponent;
      if (Object.is(result[k], expected)) return;
      expect(Math.abs(result[k] / expected - 1), `${x} ** ${exponent}`).toBeLessThan(5e-16);
    });
  }
  expect(powerEntry(1.5)).toBeUndefined();
});

it('relaxed arithmetic keeps the bounds, where the runtime has it', () => {
  if (!features().relaxedSimd) return;
  for (const [name, lines] of Object.entries(reference)) {
    const { error, at } = largestError(name, lines, relaxed);
    expect(error, `${name}(${at})`).toBeLessThan(bounds[name]);
  }
});

it('what softplus and sigmoid share gives the same bits as each alone', () => {
  const xs = Float64Array.from({ length: 101 }, (_, k) => (k - 50) / 3);
  const alone = (name: string) => evaluated(entryNamed(name), [xs], exactOrder);
  const [softplus, sigmoid] = [alone('softplus'), alone('sigmoid')];
  const together = evaluated(
    (b, x) => entries.sub(b, entries.softplus(b, x), entries.sigmoid(b, entries.neg(b, x))),
    [xs],
    exactOrder,
  );
  const reversed = sigmoid.slice().reverse();
  expect(together).toEqual(softplus.map((value, k) => value - reversed[k]));
});
