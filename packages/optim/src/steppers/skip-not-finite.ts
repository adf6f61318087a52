import type { Operand, Tree } from '@steepest/autodiff';
import { required, type Spec, settle, wholeNumber } from '@steepest/ground';
import type { Answer, Ask } from '../place/ask.ts';
import type { Arrival, FormulaPoint, Point, Stepper } from '../stepper.ts';
import { takeStep } from '../take-step.ts';
import { expectDescent, expectStepper } from './compose.ts';

/** The optimizer's state, how many steps were skipped, and how many of them just now in a row. */
export interface SkipState<S> {
  readonly inner: S;
  readonly skipped: number;
  readonly inRow: number;
}

export interface SkipSettings {
  /** How many steps may be skipped in a row before the run ends. */
  readonly most: number;
}

const skipSpec = { most: required(wholeNumber(1, 5)) } satisfies Spec<SkipSettings>;

/**
 * An optimizer for which a step whose loss or gradient is not finite is skipped: parameters and its
 * state stay, the step counts, and the result says how many there were. After `most` in a row the run
 * ends with 'nonFinite' (Optax, apply_if_finite). It goes around the whole optimizer. With one batch for
 * all steps the next one would be the same, so it is for minibatches.
 *
 * ```ts
 * skipNotFinite(chain(clipByGlobalNorm(1), adam({ rate: 0.01 })), { most: 5 });
 * ```
 */
export function skipNotFinite<S>(
  stepper: Stepper<S>,
  settings: SkipSettings,
): Stepper<SkipState<S>> {
  const { most } = settle('skipNotFinite', settings, skipSpec);
  expectDescent('skipNotFinite', expectStepper('skipNotFinite', 'the optimizer', stepper));
  const { update, step: _, search, metric, learningRate, answer, ...rest } = stepper;
  const { reach, confirm, ...others } = rest;
  const taken = <P>(
    [change, inner]: readonly [P, S],
    { skipped }: SkipState<S>,
  ): readonly [P, SkipState<S>] => [change, { inner, skipped, inRow: 0 }];
  return {
    ...others,
    name: `skipNotFinite(${stepper.name})`,
    settings: (params) => ({ most, of: stepper.settings?.(params) ?? null }),
    init: (params) => ({ inner: stepper.init(params), skipped: 0, inRow: 0 }),
    ...(update && {
      update(
        gradient: Tree,
        state: SkipState<S>,
        params: Tree,
        numbers: readonly Operand[],
        at: FormulaPoint,
      ): readonly [Tree, unknown] {
        const [change, inner] = update(gradient, state.inner, params, numbers, at);
        return [change, { inner, skipped: state.skipped, inRow: 0 }];
      },
    }),
    ...(!search && {
      step: <P>(gradient: P, state: SkipState<S>, params: P, at: Point<P>) =>
        taken(takeStep(stepper, gradient, state.inner, params, at), state),
    }),
    ...(search && {
      *search<P>(
        gradient: P,
        state: SkipState<S>,
        params: P,
        at: Point<P>,
      ): Generator<readonly [P, Ask<P>], readonly [P, SkipState<S>], Answer<P>> {
        return taken(yield* search(gradient, state.inner, params, at), state);
      },
    }),
    ...(metric && {
      metric: ({ inner }: SkipState<S>, numbers: readonly Operand[]) => metric(inner, numbers),
    }),
    ...(learningRate && { learningRate: ({ inner }: SkipState<S>) => learningRate(inner) }),
    ...(answer && { answer: <P>({ inner }: SkipState<S>, params: P): P => answer(inner, params) }),
    ...(reach && {
      reach: <P>(gradient: P, { inner }: SkipState<S>, params: P) => reach(gradient, inner, params),
    }),
    ...(confirm && {
      *confirm<P>(
        gradient: P,
        state: SkipState<S>,
        params: P,
        at: Arrival,
      ): Generator<readonly [P, Ask<P>], readonly [boolean, SkipState<S>], Answer<P>> {
        const [settled, inner] = yield* confirm(gradient, state.inner, params, at);
        return [settled, { ...state, inner }];
      },
    }),
    skip: {
      after: ({ inner, skipped, inRow }) =>
        inRow >= most ? undefined : { inner, skipped: skipped + 1, inRow: inRow + 1 },
      count: ({ skipped }) => skipped,
    },
  };
}
