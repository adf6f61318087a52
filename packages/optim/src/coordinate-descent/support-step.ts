import {
  addColumn,
  groupedIn,
  lengthIn,
  objectiveAt,
  type Quadratic,
  type State,
} from './quadratic.ts';

/** How many coordinates may leave one after the other. */
const mostDrops = 20;

/**
 * Newton's step on the coordinates that are not 0, where q is smooth, cut where the first of them would
 * change its sign: that one becomes 0, and once more without it (feature-sign search; Lee, Battle, Raina
 * and Ng, 2007). Where the signs hold it is the exact answer for this support, which coordinate descent
 * nears but never reaches. Says whether it could be taken.
 */
export function supportStep(q: Quadratic, state: State): boolean {
  for (let drops = 0; drops < mostDrops; drops++) {
    const support = supportOf(q, state.w);
    const step = stepOn(q, state, support);
    if (step === undefined) return false;
    const rate = q.groups.length === 0 ? 1 : decreasing(q, state, support, step);
    if (rate === 0) return false;
    if (!moveUntilSign(q, state, support, step, rate)) return true;
  }
  return true;
}

function supportOf({ l1, gram, groups }: Quadratic, w: Float64Array): number[] {
  const grouped = groups.length > 0 ? groupedIn(groups, w.length) : undefined;
  const support: number[] = [];
  for (let j = 0; j < w.length; j++) {
    const free = l1[j] === 0 && grouped?.[j] !== 1 && gram[j * w.length + j] > 0;
    if (w[j] !== 0 || free) support.push(j);
  }
  return support;
}

/** −H⁻¹ ∇q on the support, by Cholesky's method; undefined where H is no positive matrix at all. */
function stepOn(
  { gram, l1, l2, groups }: Quadratic,
  { w, slope }: State,
  support: readonly number[],
): Float64Array | undefined {
  const p = w.length;
  const m = support.length;
  const h = new Float64Array(m * m);
  const g = new Float64Array(m);
  for (let a = 0; a < m; a++) {
    const i = support[a];
    const row = i * p;
    for (let b = 0; b <= a; b++) h[a * m + b] = gram[row + support[b]];
    h[a * m + a] += l2[i];
    g[a] = slope[i] + l2[i] * w[i] + (w[i] > 0 ? l1[i] : w[i] < 0 ? -l1[i] : 0);
  }
  if (groups.length > 0) {
    const place = new Map(support.map((j, a) => [j, a]));
    for (const { members, strength } of groups) {
      const length = lengthIn(w, members);
      if (length === 0) continue;
      for (let s = 0; s < members.length; s++) {
        const a = place.get(members[s]);
        if (a === undefined) continue;
        g[a] += (strength * w[members[s]]) / length;
        h[a * m + a] += strength / length;
        for (let t = 0; t < members.length; t++) {
          const b = place.get(members[t]);
          if (b === undefined || b > a) continue;
          h[a * m + b] -= (strength * w[members[s]] * w[members[t]]) / length ** 3;
        }
      }
    }
  }
  const whole = h.slice();
  if (factorize(h, m)) return solve(h, g, m);
  // Where H is singular a step along what it leaves open goes until a coordinate is 0: still downhill.
  for (let a = 0; a < m; a++) whole[a * m + a] *= 1 + 1e-9;
  return factorize(whole, m) ? solve(whole, g, m) : undefined;
}

/** L of H = L Lᵀ in H's place; false where a pivot is next to nothing beside its diagonal. */
function factorize(h: Float64Array, m: number): boolean {
  for (let i = 0; i < m; i++) {
    const row = i * m;
    const whole = h[row + i];
    for (let j = 0; j < i; j++) {
      const other = j * m;
      h[row + j] = (h[row + j] - dotWithin(h, row, other, j)) / h[other + j];
    }
    const rest = whole - dotWithin(h, row, row, i);
    if (!(rest > 1e-12 * whole)) return false;
    h[row + i] = Math.sqrt(rest);
  }
  return true;
}

/** Σ h[a + k] h[b + k] over k < length, as four sums that do not wait for each other. */
function dotWithin(h: Float64Array, a: number, b: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += h[a + k] * h[b + k];
    s1 += h[a + k + 1] * h[b + k + 1];
    s2 += h[a + k + 2] * h[b + k + 2];
    s3 += h[a + k + 3] * h[b + k + 3];
  }
  for (; k < length; k++) s0 += h[a + k] * h[b + k];
  return s0 + s1 + (s2 + s3);
}

function solve(l: Float64Array, g: Float64Array, m: number): Float64Array {
  const x = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let sum = -g[i];
    for (let k = 0; k < i; k++) sum -= l[i * m + k] * x[k];
    x[i] = sum / l[i * m + i];
  }
  for (let i = m - 1; i >= 0; i--) {
    x[i] /= l[i * m + i];
    for (let k = 0; k < i; k++) x[k] -= l[i * m + k] * x[i];
  }
  return x;
}

/** With groups q is no quadratic on the support: the first of 1, ½, … at which it falls, else 0. */
function decreasing(
  q: Quadratic,
  state: State,
  support: readonly number[],
  step: Float64Array,
): number {
  const before = objectiveAt(q, state);
  for (let rate = 1; rate > 1e-3; rate /= 2) {
    const trial = { w: state.w.slice(), slope: state.slope.slice() };
    support.forEach((j, a) => {
      trial.w[j] += rate * step[a];
      addColumn(trial.slope, q.gram, j, rate * step[a]);
    });
    if (objectiveAt(q, trial) <= before) return rate;
  }
  return 0;
}

/** Goes along a step, at most to where the first coordinate with an l1 reaches 0; says whether one did. */
function moveUntilSign(
  { gram, l1 }: Quadratic,
  { w, slope }: State,
  support: readonly number[],
  step: Float64Array,
  most: number,
): boolean {
  let rate = most;
  let first = -1;
  support.forEach((j, a) => {
    if (l1[j] === 0 || w[j] * (w[j] + rate * step[a]) > 0) return;
    rate = -w[j] / step[a];
    first = a;
  });
  support.forEach((j, a) => {
    const next = a === first ? 0 : w[j] + rate * step[a];
    const change = next - w[j];
    if (change === 0) return;
    w[j] = next;
    addColumn(slope, gram, j, change);
  });
  return first >= 0;
}
