import type { Argument, GradientOf, Operand, Value } from '@steepest/autodiff';
import {
  argument,
  callback,
  nested,
  positive,
  required,
  type Spec,
  seed as seedOption,
  settle,
  wholeNumber,
} from '@steepest/ground';
import { entriesOf } from '../leaves.ts';
import type { Engine } from '../place/place.ts';
import type { Evaluation, Stepper } from '../stepper.ts';
import { bfgs } from '../steppers/bfgs.ts';
import { lbfgs } from '../steppers/lbfgs.ts';
import type { NoProgress, RunOptions } from '../train/options.ts';
import { noProgressSpec, runSpec, stepperOption } from '../train/specs.ts';
import { training } from '../train/train.ts';
import type { Training } from '../train/training.ts';
import { fromSeveral, startsAround } from './starts.ts';

/** How to minimize; all of it may be left out. */
export interface MinimizeOptions<G> extends RunOptions {
  /** Any stepper; unless given, `bfgs()` for up to 200 parameters and `lbfgs()` for more. */
  readonly method?: Stepper | undefined;
  /**
   * 'gradientSmall' when ‖∇f‖₂ is at most this. Unless given 1e-8, and less where f is small: 1e-8
   * times the larger of |f| and ‖∇f‖ at x0, and `bfgs` may go on from there if flat directions still lead down. A large f may only get to 'lineSearchFailed', where
   * rounding hides the rest.
   */
  readonly tolerance?: number | undefined;
  /** 'stepLimit' after so many steps; 1000 and ten for each parameter unless given. */
  readonly maxSteps?: number | undefined;
  readonly noProgress?: NoProgress | undefined;
  /** From so many starts, x0 and points around it (1): for objectives with several minima. */
  readonly starts?: number | undefined;
  /** Of the points around x0 (1). */
  readonly seed?: number | undefined;
  /** In the place of `valueAndGrad(f)`: a compiled or hand-written gradient, new with each call. */
  readonly valueAndGradient?: ((x: G) => Evaluation<G>) | undefined;
}

const minimizeSpec = {
  method: stepperOption,
  tolerance: positive(),
  maxSteps: wholeNumber(0),
  noProgress: nested(noProgressSpec),
  starts: wholeNumber(1, 1),
  seed: seedOption(1),
  valueAndGradient: callback('(x) => ({ value, gradient })'),
  ...runSpec,
} satisfies Spec<MinimizeOptions<unknown>>;

/** Up to so many parameters, N² numbers cost less than the steps that they save. */
const mostDense = 200;

/**
 * A function that brings the place where it is evaluated, as a loss over rows of a database does: used
 * where the options name no engine and no method.
 */
export interface Placed<P> {
  readonly engine: Engine;
  /** What minimizes it with the least work there. */
  method(x0: P): Stepper;
}

const foreign = {
  stop: 'give tolerance (of the gradient norm), maxSteps or noProgress themselves',
  epochs: 'give maxSteps: each step sees the whole objective',
  seconds: 'give maxSteps, or a signal: AbortSignal.timeout(milliseconds)',
} as const;

/**
 * A minimum of f near x0, by the loop of `train`: result.params is the x that was found, and
 * result.converged says whether its gradient was measured to be within the tolerance.
 *
 * ```ts
 * const { params, converged } = await minimize(f, { x: -1.2, y: 1 });
 * console.log(String(await minimize(f, x0, { method: armijo(), tolerance: 1e-4 })));
 * const lowest = await minimize(f, x0, { starts: 20 }); // the lowest of twenty runs, one from x0
 * ```
 */
export function minimize<P = Value, X extends Argument<P> = Argument<P>>(
  f: (x: P) => Operand,
  x0: X & Argument<P>,
  options?: MinimizeOptions<GradientOf<X>>,
): Training<GradientOf<X>>;
/** The same for a function that is evaluated elsewhere, such as a loss over rows of a database. */
export function minimize<G>(
  f: ((x: G) => unknown) & Placed<G>,
  x0: Argument<G>,
  options?: MinimizeOptions<G>,
): Training<G>;
export function minimize<P, X extends Argument<P>>(
  given: ((x: P) => Operand) | (((x: never) => unknown) & Placed<never>),
  x0: X & Argument<P>,
  options: MinimizeOptions<GradientOf<X>> = {},
): Training<GradientOf<X>> {
  const f = given as (x: P) => Operand;
  argument('minimize', 'f', f, required(callback('(x) => number')));
  const settled = settle('minimize', options, minimizeSpec, { foreign });
  const { starts, seed, ...rest } = settled;
  const { method, tolerance, maxSteps, noProgress, valueAndGradient, ...run } = rest;
  const own = f as Partial<Placed<unknown>>;
  const { engine = own.engine } = run;
  const size = entriesOf(x0, 'minimize').reduce((n, x) => n + x.length, 0);
  const from = (start: X & Argument<P>) =>
    training<P, X, undefined>('minimize', {
      ...run,
      engine,
      loss: (x) => f(x),
      params: start,
      optimizer: method ?? own.method?.(start) ?? (size <= mostDense ? bfgs() : lbfgs()),
      stop: { gradientNorm: tolerance ?? 'auto', steps: maxSteps ?? 1000 + 10 * size, noProgress },
      valueAndGradient: valueAndGradient && ((x) => valueAndGradient(x)),
    });
  if (starts === 1) return from(x0);
  if (run.checkpoint !== undefined) {
    throw new TypeError(
      'minimize: a checkpoint keeps one run, and several starts make several; give one of the two',
    );
  }
  return fromSeveral(startsAround(x0, starts, seed), from);
}
