import {
  type Argument,
  FlatMatrix,
  type GradientOf,
  type Operand,
  type Tree,
  type Value,
} from '@steepest/autodiff';
import {
  argument,
  callback,
  positive,
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
import { lowers } from './newton-step.ts';
import { Pace } from './pace.ts';
import { Problem } from './problem.ts';
import { type LeastSquaresEnd, type LeastSquaresResult, resultOf } from './result.ts';
import { type Factored, lowerStep, type RegionState } from './trust-region.ts';

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
 * and a factorization of J, never of JᵀJ. The Jacobian is exact. Where residuals stay large and steps shrink
 * too slowly, the exact Hessian of ½Σrᵢ² takes the place of JᵀJ.
 *
 * `residuals` returns a matrix of at least as many entries as there are parameters. `converged` needs a full
 * step of that model that moves no parameters any more, not only a small gradient. With it come standard
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
  const pace = new Pace();
  for (; ; steps++) {
    const newton = pace.slow ? problem.newtonAt(x, point) : undefined;
    const full = newton?.step ?? gaussNewtonStep(point.qr, point.c);
    const reach = scaledLength(full, point.scale) / (scaledLength(x, point.scale) || 1);
    const promised = newton ? newton.promised / point.norm ** 2 : promisedShare(point);
    // A Hessian that is positive definite determines them all, even where the Jacobian alone does not.
    const whole = newton !== undefined || point.qr.rank === x.length;
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
    const normAfter = (change: Float64Array) => problem.normAt(moved(x, change));
    const tried =
      hidden || (newton && lowers(newton, point.norm, normAfter))
        ? { change: full, state: { ...state, scale: point.scale } }
        : lowerStep(point, state, x, firstStep, normAfter);
    last = hidden ? reach : Infinity;
    if (tried === undefined) {
      if (!pace.slow) {
        pace.slow = true;
        steps--;
        continue;
      }
      const below = Math.sqrt(promised) * point.norm <= vanished * begin;
      end = nothingLower(whole, below || promised <= hiddenShare, promised, reach);
      break;
    }
    pace.saw(promised);
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
    hessians: problem.hessians,
    like: params as Tree,
  });
}

function nothingLower(
  whole: boolean,
  hidden: boolean,
  promised: number,
  reach: number,
): LeastSquaresEnd {
  if (whole && hidden && reach <= blurredShare) {
    const message = `a full step moves the parameters by ${share(reach)}, as rounding allows`;
    return { reason: 'converged', message };
  }
  return {
    reason: whole ? 'noProgress' : 'rankDeficient',
    message: whole
      ? `no step lowers the residuals, although their model promises a share of ` +
        `${promised.toExponential(1)}: rounding hides the way that is left, or the Jacobian is wrong`
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
