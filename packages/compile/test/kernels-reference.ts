import { readFileSync } from 'node:fs';
import { type Arithmetic, type Entry, entries } from '../src/kernels/index.ts';
import { evaluated } from './kernels-evaluate.ts';

/** Lines of points by function, as tools/reference.py writes them. */
export const reference = JSON.parse(
  readFileSync(new URL('kernels-reference.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;
const double = new DataView(new ArrayBuffer(8));

function fromBits(hexadecimal: string): number {
  double.setBigUint64(0, BigInt(`0x${hexadecimal}`));
  return double.getFloat64(0);
}

/** The distance to the next larger float64. */
function unit(x: number): number {
  double.setFloat64(0, Math.abs(x));
  const bits = double.getBigUint64(0);
  double.setBigUint64(0, bits + 1n);
  return double.getFloat64(0) - Math.abs(x);
}

/** The code of an elementwise operation, by its name. */
export function entryNamed(name: string): Entry {
  const byName: Readonly<Record<string, Entry>> = entries;
  return byName[name];
}

/** The largest error in units in the last place over the reference points of a function. */
export function largestError(
  name: string,
  lines: readonly string[],
  arithmetic: Arithmetic,
): { error: number; at: number } {
  const points = lines.map((line) => line.split(' '));
  const xs = points.map(([x]) => fromBits(x));
  const values = evaluated(entryNamed(name), [Float64Array.from(xs)], arithmetic);
  let worst = { error: 0, at: Number.NaN };
  points.forEach(([, y, rest], k) => {
    const nearest = fromBits(y);
    const error = Math.abs((values[k] - nearest) / unit(nearest) - Number(rest) / 1000);
    if (!(error <= worst.error)) worst = { error, at: xs[k] };
  });
  return worst;
}

const sigmoidOf = (x: number) => 1 / (1 + Math.exp(-x));
const softplusOf = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** What the vector functions compute, by Math. */
export const plainFunctions: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sigmoid: sigmoidOf,
  softplus: softplusOf,
  logSigmoid: (x) => -softplusOf(-x),
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
};
