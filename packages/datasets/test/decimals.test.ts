import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { numbers, parseCsv } from '../src/index.ts';

const random = xoroshiro128plus(1);
const below = (n: number): number => (random.next() >>> 0) % n;
const digits = (n: number): string => Array.from({ length: n }, () => below(10)).join('');

const view = new DataView(new ArrayBuffer(8));
function doubleOf(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}
/** The exact decimal expansion of (mantissa · 2^exponent). */
function exactly(mantissa: bigint, exponent: number): string {
  if (exponent >= 0) return (mantissa << BigInt(exponent)).toString();
  const text = (mantissa * 5n ** BigInt(-exponent)).toString().padStart(-exponent + 1, '0');
  return `${text.slice(0, exponent)}.${text.slice(exponent)}`;
}

/** Points halfway between neighbouring doubles, where the last digit of all decides. */
function midpoints(count: number, exponents: () => number): string[] {
  return Array.from({ length: count }, () => {
    const bits = (BigInt(random.next() >>> 0) << 21n) | BigInt(below(2 ** 21));
    const m = (1n << 52n) | (bits & ((1n << 52n) - 1n));
    const text = exactly(2n * m + 1n, exponents() - 1);
    return below(3) === 0 ? text : `${text}${text.includes('.') ? '' : '.'}${digits(below(3))}`;
  });
}

/** The number with its digits cut to `n` and the power of ten written behind. */
function scientific(text: string, n: number): string {
  const [whole, fraction = ''] = text.split('.');
  const all = whole + fraction;
  const start = all.search(/[1-9]/);
  if (start < 0) return '0';
  const power = whole.length - start - 1;
  const kept = all.slice(start, start + n);
  return `${kept[0]}.${kept.slice(1)}e${power}`;
}

const cases: Record<string, () => string[]> = {
  'midpoints, whole': () => midpoints(1500, () => below(140) - 110),
  'midpoints cut to 17, 18 and 19 digits': () =>
    midpoints(4000, () => below(1900) - 1060).map((text) => scientific(text, 17 + below(3))),
  'midpoints that a product of 128 bits hits exactly': () =>
    midpoints(2000, () => below(12) - 60).map((text) => scientific(text, 19)),
  'shortest spellings of random doubles': () =>
    Array.from({ length: 6000 }, () =>
      String(doubleOf((BigInt(random.next() >>> 0) << 32n) | BigInt(random.next() >>> 0))),
    ).filter((text) => !/[aI]/.test(text)),
  '1 to 19 digits at any power': () =>
    Array.from(
      { length: 6000 },
      () => `${digits(1 + below(19))}.${digits(below(4))}e${below(700) - 370}`,
    ),
  'plain decimals': () =>
    Array.from(
      { length: 6000 },
      () => `${below(5) === 0 ? '-' : ''}${below(1000)}.${digits(below(19))}`,
    ),
  'hundreds of digits': () =>
    Array.from({ length: 300 }, () => `${1 + below(9)}${digits(below(320))}.${digits(below(400))}`),
  'tiny ones with their zeros': () =>
    Array.from({ length: 500 }, () => `0.${'0'.repeat(below(340))}${digits(1 + below(30))}`),
  'whole numbers': () => Array.from({ length: 2000 }, () => `${1 + below(9)}${digits(below(22))}`),
  'powers, at the edges': () => {
    const edges = ['4.9406564584124654e-324', '2.4703282292062327e-324', '2.4703282292062328e-324'];
    edges.push('2.2250738585072011e-308', '2.2250738585072014e-308', '2.2250738585072012e-308');
    edges.push(
      '1.7976931348623157e308',
      '1.7976931348623158e308',
      '9007199254740992',
      '9007199254740993',
    );
    edges.push(
      '9007199254740991',
      '4503599627370496.5',
      '4503599627370497.5',
      '9007199254740991.5',
    );
    edges.push(
      '0.000000000000000000000000000000000001e36',
      '1e-400',
      '-1e-400',
      '0e999',
      '0e-999',
      '-0e5',
    );
    return [...edges, ...Array.from({ length: 660 }, (_, i) => `1e${i - 352}`)];
  },
};

describe.each(['wasm', 'plain'] as const)(
  'every number is what Number says, by the lane %s',
  (lane) => {
    test.each(Object.entries(cases))('%s', (_, make) => {
      const texts = make().filter((text) => Number.isFinite(Number(text)));
      const source = `x,y\n0,0\n${texts.map((text) => `${text},1`).join('\n')}\n`;
      const read = numbers(parseCsv(source, { lane }), 'x').subarray(1);
      expect(texts.length).toBeGreaterThan(200);
      const wrong = texts.filter((text, i) => !Object.is(read[i], Number(text)));
      expect(wrong).toEqual([]);
      // The comma is the same number.
      const commas = `x;y\n0;0\n${texts.map((text) => `${text.replace('.', ',')};1`).join('\n')}\n`;
      const other = numbers(parseCsv(commas, { lane, delimiter: ';', decimal: ',' }), 'x').subarray(
        1,
      );
      expect(other.findIndex((value, i) => !Object.is(value, read[i]))).toBe(-1);
    });
  },
);
