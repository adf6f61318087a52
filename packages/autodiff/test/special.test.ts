import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { derivative, erf, lgamma, logNormalCdf, type Value } from '../src/index.ts';
import { entries } from './matrices.ts';

const oracle = JSON.parse(
  readFileSync(new URL('./cases/special-functions.json', import.meta.url), 'utf8'),
) as Record<string, [x: number, y: number][]>;

function nthDerivative(f: (x: Value) => Value, n: number): (x: number) => number {
  let g = f;
  for (let i = 0; i < n; i++) {
    const below = g;
    g = (x) => derivative(below)(x);
  }
  return (x) => entries(g(x as never))[0];
}

/** |error| relative to the value, or to 1 near a zero of the function, in units of 2⁻⁵². */
function worst(name: string, f: (x: number) => number, floor: number): number {
  let most = 0;
  for (const [x, y] of oracle[name]) {
    most = Math.max(most, Math.abs(f(x) - y) / Math.max(Math.abs(y), floor) / Number.EPSILON);
  }
  return most;
}

describe('special functions are good to a few units in the last place:', () => {
  it('erf to 5, everywhere', () => {
    expect(worst('erf', nthDerivative(erf, 0), 0)).toBeLessThan(5);
  });

  it('lgamma to 6, near its zeros at 1, 2 and −2.5 too', () => {
    expect(worst('lgamma', nthDerivative(lgamma, 0), 0)).toBeLessThan(6);
  });

  it('its first derivative, digamma, to 20 of the larger of its value and 1', () => {
    expect(worst('digamma', nthDerivative(lgamma, 1), 1)).toBeLessThan(20);
  });

  it('its second, third and fourth derivatives to 20', () => {
    expect(worst('trigamma', nthDerivative(lgamma, 2), 1)).toBeLessThan(20);
    expect(worst('tetragamma', nthDerivative(lgamma, 3), 1)).toBeLessThan(20);
    expect(worst('pentagamma', nthDerivative(lgamma, 4), 1)).toBeLessThan(20);
  });
});

describe('the logarithm of the normal distribution function', () => {
  it('is good to 20 units where it is below 1 in 10¹⁶ too, and so is its slope', () => {
    expect(worst('logNormalCdf', nthDerivative(logNormalCdf, 0), 0)).toBeLessThan(20);
    expect(worst('inverseMills', nthDerivative(logNormalCdf, 1), 0)).toBeLessThan(20);
  });

  it('and its second derivative, relative to 1', () => {
    expect(worst('slopeOfInverseMills', nthDerivative(logNormalCdf, 2), 1)).toBeLessThan(200);
  });

  it('ends in 0 and in −∞', () => {
    const at = (x: number, n = 0) => nthDerivative(logNormalCdf, n)(x);
    expect([at(Infinity), at(-Infinity), at(Infinity, 1)]).toEqual([0, -Infinity, 0]);
    expect(at(-Infinity, 1)).toBe(Infinity);
    expect(at(NaN)).toBeNaN();
  });
});

describe('at their ends', () => {
  const infinite = Number.POSITIVE_INFINITY;
  const at = (f: (x: Value) => Value, x: number, n = 0) => nthDerivative(f, n)(x);

  it('erf is odd, saturates, and its slope vanishes there', () => {
    expect([at(erf, 0), at(erf, -0), at(erf, 800), at(erf, -infinite)]).toEqual([0, -0, 1, -1]);
    expect(at(erf, Number.NaN)).toBeNaN();
    expect(at(erf, 5e-324)).toBe(5e-324);
    expect([at(erf, 800, 1), at(erf, 30, 1), at(erf, infinite, 1)]).toEqual([0, 0, 0]);
    expect(at(erf, 0, 1)).toBe(2 / Math.sqrt(Math.PI));
  });

  it('lgamma has poles at 0, −1, −2, …', () => {
    for (const x of [0, -0, -1, -2, -100]) expect(at(lgamma, x)).toBe(infinite);
    expect(at(lgamma, infinite)).toBe(infinite);
    expect([at(lgamma, 1), at(lgamma, 2)].map(Math.abs)).toEqual([0, 0]);
    expect(at(lgamma, 0, 1)).toBe(-infinite);
    expect(at(lgamma, -3, 1)).toBeNaN();
    expect(at(lgamma, 0, 2)).toBe(infinite);
    expect(at(lgamma, infinite, 1)).toBe(infinite);
    expect(at(lgamma, infinite, 2)).toBe(0);
    expect(at(lgamma, Number.NaN, 1)).toBeNaN();
  });

  it('derivatives far to the left take no longer than elsewhere', () => {
    const start = performance.now();
    expect(at(lgamma, -1e12 - 0.25, 3)).toBeTypeOf('number');
    expect(performance.now() - start).toBeLessThan(200);
  });
});
