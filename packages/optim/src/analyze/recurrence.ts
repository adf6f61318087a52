import { FlatMatrix, solve, type Tree } from '@steepest/autodiff';
import { entriesOf, entrywise } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { takeStep } from '../take-step.ts';
import { plus, times } from '../vectors.ts';

/**
 * What a method of a fixed rate does to an error w along a direction of curvature λ: wₜ = Σ cⱼ wₜ₋ⱼ, a
 * linear recurrence whose coefficients are affine in λ, since each step takes one gradient, λw.
 */
export interface Recurrence {
  /** The learning rate. */
  readonly rate: number;
  /** What a step multiplies the error by in the long run: the size of the largest root. */
  factor(curvature: number): number;
  /** The curvature beyond which errors grow: 2/η for gradient descent; Infinity where there is none. */
  readonly limit: number;
}

/** By this step a method has begun, with whatever is different at first; later ones must be like it. */
const begun = 1000;
const later = [1001, 1002, 1003, 1005, 1017, 2000, 10_000];
const early = [2, 3, 10, 100];
const mostTerms = 3;
const agreement = 1e-8;

/**
 * The recurrence that a stepper makes of a quadratic, found by letting it take steps on one: so it holds
 * for every chain, one of the user's own too. Undefined where there is none: a rate that changes or is
 * found on the way, a formula that is not linear, parameters that are not all treated alike.
 */
export function recurrenceOf(stepper: Stepper, params: unknown): Recurrence | undefined {
  const rate = fixedRate(stepper);
  if (!rate || stepper.search || stepper.penalty || stepper.skip) return undefined;
  const errors = (curvature: number, from = 1) => trajectory(stepper, params, curvature, from);
  // Curvatures along which a step takes some of the error away, as far as the rate tells.
  const [low, middle, high] = [0.37 / rate, 0.71 / rate, 1.13 / rate];
  const [atLow, atMiddle, atHigh, tripled] = [
    errors(low),
    errors(middle),
    errors(high),
    errors(low, 3),
  ];
  if (!atLow || !atMiddle || !atHigh || !tripled) return undefined;
  if (!tripled.every((w, k) => Math.abs(w - 3 * atLow[k]) <= agreement)) return undefined;
  for (let terms = 1; terms <= mostTerms; terms++) {
    const [a, b] = [coefficientsOf(atLow, terms), coefficientsOf(atHigh, terms)];
    if (a === undefined || b === undefined) continue;
    const at = (curvature: number) =>
      a.map((x, j) => x + ((b[j] - x) * (curvature - low)) / (high - low));
    if (!follows(atMiddle, at(middle))) return undefined;
    const factor = (curvature: number) => largestRoot(at(curvature));
    return { rate, factor, limit: limitOf(factor, rate) };
  }
  return undefined;
}

function fixedRate({ rate, numbers }: Stepper): number | undefined {
  try {
    const fixed = rate?.(begun);
    const at = (step: number) => JSON.stringify([rate?.(step), numbers?.(step)]);
    const stays = early.every((step) => rate?.(step) === fixed);
    return stays && later.every((step) => at(step) === at(begun)) ? fixed : undefined;
  } catch {
    // A schedule may well end before the step.
    return undefined;
  }
}

/** The errors of some steps from where all are `from`; undefined where they do not stay alike. */
function trajectory(
  stepper: Stepper,
  like: unknown,
  curvature: number,
  from: number,
): number[] | undefined {
  let params = entrywise((out) => out.fill(from), like) as Tree;
  const found = [from];
  try {
    let state = stepper.init(params);
    for (let step = begun; step < begun + 2 * mostTerms + 2; step++) {
      const gradient = times(curvature, params);
      // Without a value: what takes its step from that is no recurrence.
      const at = { step, value: Number.NaN, gradient };
      const [change, next] = takeStep(stepper, gradient, state, params, at);
      params = plus(params, change);
      state = next;
      const [[w]] = entriesOf(params);
      if (!Number.isFinite(w)) return undefined;
      if (!entriesOf(params).every((x) => x.every((y) => y === w))) return undefined;
      found.push(w);
    }
    return found;
  } catch {
    // Not every stepper takes a step without a loss.
    return undefined;
  }
}

/** c with wₖ = Σ cⱼ wₖ₋ⱼ for all k; undefined where there is none of so many terms. */
function coefficientsOf(w: readonly number[], terms: number): number[] | undefined {
  const rows = Array.from({ length: terms }, (_, i) => i + terms);
  const before = rows.flatMap((k) => rows.map((_, j) => w[k - 1 - j]));
  const after = rows.map((k) => w[k]);
  let found: number[];
  try {
    const solved = solve(new FlatMatrix(terms, terms, before), new FlatMatrix(terms, 1, after));
    found = solved.to1DArray();
  } catch {
    // Singular: fewer terms do, or the errors are 0.
    return undefined;
  }
  return follows(w, found) ? found : undefined;
}

function follows(w: readonly number[], c: readonly number[]): boolean {
  const size = Math.max(...w.map(Math.abs));
  return w.every((x, k) => {
    if (k < c.length) return true;
    const expected = c.reduce((sum, cj, j) => sum + cj * w[k - 1 - j], 0);
    return Math.abs(x - expected) <= agreement * size;
  });
}

/** The size of the largest root of zⁿ = Σ cⱼ zⁿ⁻ʲ: of the companion matrix, by squaring it (Gelfand). */
function largestRoot(c: readonly number[]): number {
  const n = c.length;
  let m: Float64Array = Float64Array.from({ length: n * n }, (_, k) =>
    k < n ? c[k] : k % n === ((k / n) | 0) - 1 ? 1 : 0,
  );
  let logarithm = 0;
  for (let round = 1; round <= 60; round++) {
    const size = m.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (size === 0) return 0;
    logarithm += Math.log(size) / 2 ** (round - 1);
    m = squared(
      m.map((x) => x / size),
      n,
    );
  }
  return Math.exp(logarithm);
}

function squared(m: Float64Array, n: number): Float64Array {
  return m.map((_, k) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += m[k - (k % n) + j] * m[n * j + (k % n)];
    return sum;
  });
}

/** Where the factor passes 1, found outwards from the rate's own scale. */
function limitOf(factor: (curvature: number) => number, rate: number): number {
  const grows = (curvature: number) => factor(curvature) > 1 + 1e-12;
  let [low, high] = [0, 0.5 / rate];
  while (!grows(high)) {
    low = high;
    high *= 1.1;
    if (high > 1e9 / rate) return Infinity;
  }
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (grows(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
