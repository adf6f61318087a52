import {
  type Argument,
  FlatMatrix,
  type GradientOf,
  jacobian,
  leavesOf,
  type Operand,
  type Tree,
  toFlatMatrix,
  type Value,
} from '@steepest/autodiff';
import {
  argument,
  callback,
  positive,
  refusal,
  required,
  type Spec,
  settle,
  signal,
  wholeNumber,
} from '@steepest/ground';
import { lengthOf } from '../linear-algebra/columns.ts';
import { flatten, unflatten } from '../vectors.ts';
import { covarianceOf } from './covariance.ts';
import { gaussNewtonStep, scaledLength } from './damped-step.ts';
import { type LeastSquaresEnd, type LeastSquaresResult, resultOf } from './result.ts';
import { type Factored, factored, lowerStep, type RegionState } from './trust-region.ts';

/** How to look; all of it may be left out. */
export interface LeastSquaresOfOptions {
  /** The most steps (2000), each with one Jacobian. */
  readonly maxSteps?: number | undefined;
  /** How far the first step may go, in lengths of the parameters (1), each in the units of its column. */
  readonly firstStep?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const leastSquaresOfSpec = {
  maxSteps: wholeNumber(1, 2000),
  firstStep: positive(1),
  signal: signal(),
} satisfies Spec<LeastSquaresOfOptions>;

/** A full Gauss–Newton step this short, as a share of the parameters, moves nothing any more. */
const stillShare = 1e-14;
/** It may be so much longer where rounding of the residuals hides the rest … */
const blurredShare = 1e-6;
/** … that is, where it promises to lower ‖r‖² by a smaller share than this. */
const hiddenShare = 1e-12;
/** Residuals that shrank by this share are zeros to rounding … */
const vanished = 1e-15;
/** … if the parameters have come to rest: a step shorter than this share of where they were or are. */
const restShare = 1e-4;

/**
 * Parameters that minimize Σ rᵢ² for residuals r, by the method of Levenberg and Marquardt in the form of
 * Moré (1978): a trust region scaled by the longest columns of the Jacobian (so that units do not matter),
 * and a factorization of J, never of JᵀJ. The Jacobian is exact.
 *
 * `residuals` returns a matrix of at least as many entries as there are parameters. `converged` needs a full
 * Gauss–Newton step that moves no parameters any more, not only a small gradient. With it come standard
 * errors from s²(JᵀJ)⁻¹. Throws a TypeError for what are no residuals, and what they throw.
 *
 * ```ts
 * const decay = (p: { a: number; k: number }) => sub(mul(p.a, exp(mul(neg(p.k), t))), y);
 * const { params, standardErrors, converged } = await leastSquaresOf(decay, { a: 1, k: 0.1 });
 * ```
 */
export async function leastSquaresOf<P = Value, X extends Argument<P> = Argument<P>>(
  residuals: (params: P) => Operand,
  params: X & Argument<P>,
  options: LeastSquaresOfOptions = {},
): Promise<LeastSquaresResult<GradientOf<X>>> {
  argument('leastSquaresOf', 'residuals', residuals, required(callback('(params) => residuals')));
  const { maxSteps, firstStep, signal } = settle('leastSquaresOf', options, leastSquaresOfSpec);
  const problem = new Problem(residuals as (params: unknown) => Operand, params as Tree);
  const start = flatten(params as Tree).data;
  let x = start;
  let r = problem.residualsAt(x);
  if (!Number.isFinite(lengthOf(r))) {
    throw new RangeError(
      'leastSquaresOf: the residuals at the start are not finite; start where the model is defined',
    );
  }
  const begin = lengthOf(r);
  let state: RegionState = { radius: 0, damping: 0, scale: new Float64Array(x.length) };
  let end: LeastSquaresEnd = { reason: 'stepLimit', message: `${maxSteps} steps were allowed` };
  let steps = 0;
  let last = Infinity;
  let point = problem.factoredAt(x, r, state);
  for (; ; steps++) {
    const full = gaussNewtonStep(point.qr, point.c);
    const reach = scaledLength(full, point.scale) / (scaledLength(x, point.scale) || 1);
    const promised = promisedShare(point);
    const whole = point.qr.rank === x.length;
    const size = Math.max(scaledLength(x, point.scale), scaledLength(start, point.scale));
    if (point.norm <= vanished * begin && scaledLength(full, point.scale) <= restShare * size) {
      end = { reason: 'converged', message: 'the residuals are zeros to rounding' };
      break;
    }
    if (whole && reach <= stillShare) {
      end = { reason: 'converged', message: `a full step moves the parameters by ${share(reach)}` };
      break;
    }
    if (signal?.aborted) {
      end = { reason: 'aborted', message: `the caller's signal stopped it after ${steps} steps` };
      break;
    }
    if (steps === maxSteps) break;
    // Where rounding hides what a step gains, the step itself still tells the way, as long as it shrinks.
    const hidden = whole && promised <= hiddenShare && reach <= blurredShare;
    if (hidden && reach >= 0.9 * last) {
      const message = `a full step moves the parameters by ${share(reach)}, as rounding allows`;
      end = { reason: 'converged', message };
      break;
    }
    const tried = hidden
      ? { change: full, state: { ...state, scale: point.scale } }
      : lowerStep(point, state, x, firstStep, (change) => problem.normAt(moved(x, change)));
    last = hidden ? reach : Infinity;
    if (tried === undefined) {
      end = nothingLower(whole, promised, reach);
      break;
    }
    x = moved(x, tried.change);
    state = tried.state;
    r = problem.residualsAt(x);
    point = problem.factoredAt(x, r, state);
    if (steps % 16 === 15) await undefined;
  }
  return resultOf({
    end,
    params: unflatten(new FlatMatrix(x.length, 1, x), params) as unknown as GradientOf<X>,
    residuals: r,
    covariance: covarianceOf(point.qr, r),
    rank: point.qr.rank,
    count: x.length,
    steps,
    evaluations: problem.evaluations,
    jacobians: problem.jacobians,
    like: params as Tree,
  });
}

function nothingLower(whole: boolean, promised: number, reach: number): LeastSquaresEnd {
  if (whole && promised <= hiddenShare && reach <= blurredShare) {
    const message = `a full step moves the parameters by ${share(reach)}, as rounding allows`;
    return { reason: 'converged', message };
  }
  return {
    reason: whole ? 'noProgress' : 'rankDeficient',
    message: whole
      ? `no step lowers the residuals, although their linear model promises a share of ` +
        `${promised.toExponential(1)}: large residuals bend it; minimize their sum of squares instead`
      : 'the residuals do not determine all parameters here: the Jacobian lacks rank',
  };
}

/** ‖Qᵀr‖² of the columns' range over ‖r‖²: by which share the linear model can lower ‖r‖². */
function promisedShare({ c, qr, norm }: Factored): number {
  return norm === 0 ? 0 : (lengthOf(c.subarray(0, qr.rank)) / norm) ** 2;
}

function moved(x: Float64Array, change: Float64Array): Float64Array {
  return x.map((xi, i) => xi + change[i]);
}

function share(x: number): string {
  return `${x.toExponential(1)} of themselves`;
}

/** The residuals as a function of a column of parameters, and how often they were asked for. */
class Problem {
  evaluations = 0;
  jacobians = 0;
  readonly #residuals: (params: unknown) => Operand;
  readonly #like: Tree;
  readonly #jacobian: (x: Tree) => unknown;

  constructor(residuals: (params: unknown) => Operand, like: Tree) {
    this.#residuals = residuals;
    this.#like = like;
    this.#jacobian = jacobian(residuals as (x: Tree) => Value) as (x: Tree) => unknown;
  }

  residualsAt(x: Float64Array): Float64Array {
    this.evaluations++;
    const result = toFlatMatrix(this.#residuals(this.#shaped(x)), 'leastSquaresOf');
    const { data } = result;
    if (data.length >= x.length) return data.slice();
    throw refusal(
      'leastSquaresOf',
      `there must be at least as many residuals as the ${x.length} parameters`,
      data.length,
      'add data, or fix some parameters; return the residuals themselves, not their sum of squares',
    );
  }

  /** ‖r‖; Infinity where it is not a number: too far. */
  normAt(x: Float64Array): number {
    const norm = lengthOf(this.residualsAt(x));
    return Number.isNaN(norm) ? Infinity : norm;
  }

  factoredAt(x: Float64Array, residuals: Float64Array, state: RegionState): Factored {
    this.jacobians++;
    const n = x.length;
    const data = new Float64Array(residuals.length * n);
    let offset = 0;
    // One block of columns for each leaf of the parameters, side by side.
    for (const block of leavesOf(this.#jacobian(this.#shaped(x) as Tree) as Tree).map(({ leaf }) =>
      toFlatMatrix(leaf),
    )) {
      for (let i = 0; i < block.rows; i++)
        for (let j = 0; j < block.columns; j++)
          data[(offset + j) * block.rows + i] = block.data[i * block.columns + j];
      offset += block.columns;
    }
    return factored({ residuals, jacobian: { data, rows: residuals.length, columns: n } }, state);
  }

  #shaped(x: Float64Array): unknown {
    return unflatten(new FlatMatrix(x.length, 1, x), this.#like);
  }
}
