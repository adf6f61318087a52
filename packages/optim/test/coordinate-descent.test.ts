import { FlatMatrix } from '@steepest/autodiff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coordinateDescent } from '../src/index.ts';

/** XᵀX/n and Xᵀy/n of columns that hang together, for a seed. */
function problem(n: number, p: number, seed: number, twins = false) {
  let state = seed;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const x = new Float64Array(n * p);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const shared = draw();
    for (let j = 0; j < p; j++) x[i * p + j] = draw() + shared;
    if (twins) x[i * p + 1] = x[i * p];
    y[i] = 2 * x[i * p] - x[i * p + p - 1] + draw();
  }
  const gram = new FlatMatrix(p, p);
  const linear = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < p; a++) {
      linear[a] += (x[i * p + a] * y[i]) / n;
      for (let b = 0; b < p; b++) gram.data[a * p + b] += (x[i * p + a] * x[i * p + b]) / n;
    }
  }
  return { gram, linear };
}

/** Gw − c. */
function slopeAt({ gram, linear }: ReturnType<typeof problem>, w: Float64Array): Float64Array {
  const p = w.length;
  return linear.map((c, i) => {
    let sum = -c;
    for (let j = 0; j < p; j++) sum += gram.data[i * p + j] * w[j];
    return sum;
  });
}

const seeds = fc.integer({ min: 1, max: 1e6 });
const strengths = fc.double({ min: 0, max: 1.5, noNaN: true });

describe('coordinate descent on a Gram matrix', () => {
  it('meets the conditions of a minimum of the elastic net', () => {
    fc.assert(
      fc.property(
        seeds,
        strengths,
        strengths,
        fc.integer({ min: 1, max: 12 }),
        (seed, l1, l2, p) => {
          const q = problem(3 * p + 2, p, seed);
          const { w, violation } = coordinateDescent({ ...q, l1, l2 });
          slopeAt(q, w).forEach((s, j) => {
            const g = s + l2 * w[j];
            if (w[j] === 0) expect(Math.abs(g)).toBeLessThanOrEqual(l1 + 1e-11);
            else expect(g).toBeCloseTo(-l1 * Math.sign(w[j]), 10);
          });
          expect(violation).toBeLessThan(1e-11);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('meets those of the group lasso, beside columns with an l1 and columns without', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0.01, max: 1, noNaN: true }), (seed, strength) => {
        const q = problem(30, 8, seed);
        const groups = [
          { members: [0, 1, 2], strength },
          { members: [3, 4], strength: 0.5 * strength },
        ];
        const l1 = [0, 0, 0, 0, 0, 0.2, 0.2, 0];
        const { w } = coordinateDescent({ ...q, l1, groups, l2: 0.01 });
        const g = slopeAt(q, w).map((s, j) => s + 0.01 * w[j]);
        for (const { members, strength } of groups) {
          const length = Math.hypot(...members.map((j) => w[j]));
          if (length === 0) {
            expect(Math.hypot(...members.map((j) => g[j]))).toBeLessThanOrEqual(strength + 1e-11);
          } else
            for (const j of members) expect(g[j] + (strength * w[j]) / length).toBeCloseTo(0, 9);
        }
        expect(g[7]).toBeCloseTo(0, 10);
      }),
      { numRuns: 40 },
    );
  });

  it('a group of one is an l1', () => {
    const q = problem(40, 4, 3);
    const groups = [0, 1, 2, 3].map((j) => ({ members: [j], strength: 0.4 }));
    const { w } = coordinateDescent({ ...q, groups });
    expect([...w].map((x) => x.toFixed(9))).toEqual(
      [...coordinateDescent({ ...q, l1: 0.4 }).w].map((x) => x.toFixed(9)),
    );
  });

  it('equal columns have their minimum too, and one without any curvature stays', () => {
    const q = problem(20, 5, 7, true);
    const { w, violation } = coordinateDescent({ ...q, l1: 0.05 });
    expect(violation).toBeLessThan(1e-10);
    expect(Math.abs(w[0] + w[1])).toBeGreaterThan(0.5);
    const flat = { gram: new FlatMatrix(2, 2, [1, 0, 0, 0]), linear: [2, 0] };
    expect([...coordinateDescent({ ...flat, l1: 0.5, start: [0, 3] }).w]).toEqual([1.5, 3]);
  });

  it('refuses what does not fit together', () => {
    const gram = new FlatMatrix(2, 2, [1, 0, 0, 1]);
    expect(() => coordinateDescent({ gram, linear: [1] })).toThrow(
      'linear has 1 entries, expected 2',
    );
    expect(() => coordinateDescent({ gram, linear: [1, 1], l1: -1 })).toThrow(RangeError);
    expect(() => coordinateDescent({ gram: new FlatMatrix(2, 1, [1, 1]), linear: [1, 1] })).toThrow(
      'gram must be square, got "2×1"',
    );
    const groups = [{ members: [0, 1], strength: 1 }];
    expect(() => coordinateDescent({ gram, linear: [1, 1], groups, l1: 1 })).toThrow(
      'the coordinate 0 is in a group and has an l1',
    );
  });
});
