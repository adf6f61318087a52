import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  chiSquareQuantile,
  twoSided,
  twoSidedQuantile,
  upperChiSquare,
  upperF,
} from '../src/inference/tails.ts';

const folder = new URL('../../../test/cases/inference-in-r/', import.meta.url);
type Line = readonly [kind: keyof typeof functions, args: number[], value: number];
const lines: Line[] = JSON.parse(readFileSync(new URL('tails.json', folder), 'utf8'));

const functions = {
  t: ([x, df]: number[]) => twoSided(x, df),
  z: ([x]: number[]) => twoSided(x, Infinity),
  F: ([x, d1, d2]: number[]) => upperF(x, d1, d2),
  chi: ([x, df]: number[]) => upperChiSquare(x, df),
  tq: ([p, df]: number[]) => twoSidedQuantile(p, df),
  chiq: ([p, df]: number[]) => chiSquareQuantile(p, df),
};

test('tails and quantiles are those of R to ten digits, down to 1e-290', () => {
  const off = lines.filter(
    ([kind, args, value]) => !(Math.abs(functions[kind](args) / value - 1) < 1e-10),
  );
  expect(off).toEqual([]);
  expect(Math.min(...lines.map(([, , value]) => value))).toBeLessThan(1e-280);
});
