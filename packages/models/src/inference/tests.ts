import type { FlatMatrix } from '@steepest/autodiff';
import type { Test } from './figures.ts';
import { upperChiSquare, upperF } from './tails.ts';

export function chiSquareTest(statistic: number, df: number): Test {
  return { statistic, degreesOfFreedom: [df], pValue: upperChiSquare(statistic, df) };
}

export function fTest(statistic: number, d1: number, d2: number): Test {
  return { statistic, degreesOfFreedom: [d1, d2], pValue: upperF(statistic, d1, d2) };
}

/** These coefficients are 0: bᵀV⁻¹b by χ², over their number by F. */
export function waldTest(
  estimates: ArrayLike<number>,
  covariance: FlatMatrix,
  chosen: readonly number[],
  judge: number,
): Test {
  const q = chosen.length;
  const square = quadratic(
    chosen.map((at) => estimates[at]),
    chosen.map((i) => chosen.map((j) => covariance.get(i, j))),
  );
  return judge === Infinity ? chiSquareTest(square, q) : fTest(square / q, q, judge);
}

/** bᵀV⁻¹b, by Cholesky's factor of V scaled to a diagonal of ones. */
function quadratic(b: readonly number[], v: readonly (readonly number[])[]): number {
  const scale = v.map((row, i) => 1 / Math.sqrt(row[i]));
  const l: number[][] = [];
  const z: number[] = [];
  for (let i = 0; i < b.length; i++) {
    l.push([]);
    for (let j = 0; j <= i; j++) {
      let sum = v[i][j] * scale[i] * scale[j];
      for (let k = 0; k < j; k++) sum -= l[i][k] * l[j][k];
      l[i].push(i === j ? Math.sqrt(sum) : sum / l[j][j]);
    }
    let sum = b[i] * scale[i];
    for (let k = 0; k < i; k++) sum -= l[i][k] * z[k];
    z.push(sum / l[i][i]);
  }
  return z.reduce((sum, value) => sum + value * value, 0);
}
