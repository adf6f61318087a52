import { type FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import {
  type Option,
  option,
  positive,
  refusal,
  required,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import { type Minimum, minimumOf } from './minimum.ts';
import type { Group } from './quadratic.ts';

/** A number for all coordinates, or one for each. */
export type Strengths = number | ArrayLike<number>;

/** What is minimized, and how exactly; all but the Gram matrix may be left out. */
export interface CoordinateDescentOptions {
  /** G, p×p, symmetric and positive semidefinite: XᵀX/n for least squares. */
  readonly gram: FlatMatrix;
  /** c: Xᵀy/n for least squares. */
  readonly linear: ArrayLike<number>;
  /** Of Σ l1ⱼ|wⱼ| (0). */
  readonly l1?: Strengths | undefined;
  /** Of ½ Σ l2ⱼwⱼ² (0). */
  readonly l2?: Strengths | undefined;
  /** Of Σ strength ‖w_g‖₂: no coordinate in two of them, nor with an l1 of its own. */
  readonly groups?: readonly Group[] | undefined;
  /** Where to begin: for a path, the last answer (zeros). */
  readonly start?: ArrayLike<number> | undefined;
  /** The longest subgradient that may be left (1e-13 of the largest |cⱼ|). */
  readonly tolerance?: number | undefined;
  /** The most passes over the coordinates (10 000). */
  readonly sweeps?: number | undefined;
}

const gramOption: Option<FlatMatrix, 'optional'> = option<FlatMatrix>({
  expected: 'a matrix',
  accepts: (x) => typeof x === 'object' && x !== null && 'rows' in x && 'columns' in x,
  sample: 'new FlatMatrix(2, 2, [1, 0, 0, 1])',
});

const strengths: Option<Strengths, 'optional'> = option<Strengths>({
  expected: 'a number of at least 0, or one for each coordinate',
  accepts: (x) =>
    typeof x === 'number'
      ? x >= 0 && x < Infinity
      : isList(x) && Array.from(x).every((v) => typeof v === 'number' && v >= 0 && v < Infinity),
  sample: '0.1',
});

const numbersOption: Option<ArrayLike<number>, 'optional'> = option<ArrayLike<number>>({
  expected: 'a list of finite numbers',
  accepts: (x) => isList(x) && Array.from(x).every(Number.isFinite),
  sample: '[1, 2]',
});

const groupsOption: Option<readonly Group[], 'optional'> = option<readonly Group[]>({
  expected: 'a list of groups { members, strength }',
  accepts: (x) => Array.isArray(x) && x.every(isGroup),
  sample: '[{ members: [0, 1], strength: 0.1 }]',
});

const spec = {
  gram: required(gramOption),
  linear: required(numbersOption),
  l1: strengths,
  l2: strengths,
  groups: groupsOption,
  start: numbersOption,
  tolerance: positive(),
  sweeps: wholeNumber(1, 10_000),
} satisfies Spec<CoordinateDescentOptions>;

/**
 * The w that minimizes ½ wᵀGw − cᵀw + Σ l1ⱼ|wⱼ| + ½ Σ l2ⱼwⱼ² + Σ strength_g ‖w_g‖₂, from a Gram matrix
 * alone: lasso, elastic net and group lasso of least squares, whatever made the sums. Coordinate descent
 * with covariance updates (Friedman, Hastie and Tibshirani, 2010), then Newton's step on the support, so
 * that zeros are exact and the others too.
 *
 * `violation` is the longest subgradient that was left. Throws a TypeError for a G that is not square and
 * a RangeError for sizes that do not fit together. A coordinate without any curvature stays where it is.
 *
 * ```ts
 * const { w } = coordinateDescent({ gram, linear, l1: 0.1 }); // gram: XᵀX/n, linear: Xᵀy/n
 * coordinateDescent({ gram, linear, l1: 0.09, start: w }); // the next point of a path
 * ```
 */
export function coordinateDescent(options: CoordinateDescentOptions): Minimum {
  const settled = settle('coordinateDescent', options, spec);
  const gram = toFlatMatrix(settled.gram, 'coordinateDescent');
  const p = gram.rows;
  if (gram.columns !== p) {
    throw refusal(
      'coordinateDescent',
      'gram must be square',
      `${p}×${gram.columns}`,
      'give XᵀX, or the curvature',
    );
  }
  const linear = listOf('linear', settled.linear, p);
  const l1 = listOf('l1', settled.l1 ?? 0, p);
  const groups = settled.groups ?? [];
  refuseOverlap(groups, l1);
  const scale = linear.reduce((most, c) => Math.max(most, Math.abs(c)), 0);
  return minimumOf(
    { gram: gram.data, linear, l1, l2: listOf('l2', settled.l2 ?? 0, p), groups },
    listOf('start', settled.start ?? 0, p),
    settled.tolerance ?? 1e-13 * scale,
    settled.sweeps,
  );
}

function listOf(name: string, given: Strengths, size: number): Float64Array {
  if (typeof given === 'number') return new Float64Array(size).fill(given);
  if (given.length === size) return Float64Array.from(given);
  throw new RangeError(
    `coordinateDescent: ${name} has ${given.length} entries, expected ${size}, one per row of gram`,
  );
}

function refuseOverlap(groups: readonly Group[], l1: Float64Array): void {
  const seen = new Set<number>();
  for (const { members } of groups) {
    for (let m = 0; m < members.length; m++) {
      const j = members[m];
      if (!(j < l1.length)) {
        throw new RangeError(
          `coordinateDescent: a group has the member ${j}, expected at most ${l1.length - 1}`,
        );
      }
      if (seen.has(j) || l1[j] > 0) {
        const other = seen.has(j) ? 'two groups' : 'a group and has an l1';
        throw new RangeError(
          `coordinateDescent: the coordinate ${j} is in ${other}; a coordinate has one of them`,
        );
      }
      seen.add(j);
    }
  }
}

function isList(x: unknown): x is ArrayLike<number> {
  return (Array.isArray(x) || ArrayBuffer.isView(x)) && !(x instanceof DataView);
}

function isGroup(x: unknown): x is Group {
  const { members, strength } = (x ?? {}) as Partial<Group>;
  return (
    isList(members) &&
    members.length > 0 &&
    Array.from(members).every((j) => Number.isSafeInteger(j) && j >= 0) &&
    typeof strength === 'number' &&
    strength >= 0 &&
    strength < Infinity
  );
}
