import { add, mul, type Operand, type Tree, where } from '@steepest/autodiff';
import { argument, required, wholeNumber } from '@steepest/ground';
import { zerosLike } from '../leaves.ts';
import type { FormulaPoint, Point, Stepper } from '../stepper.ts';
import { takeStep } from '../take-step.ts';
import { plus, times } from '../vectors.ts';
import { expectDescent, expectNoSearch, expectStepper } from './compose.ts';
import { each } from './each.ts';

/** The sum of the gradients since the last update, and the inner stepper's state. */
export interface AccumulatedState<S> {
  readonly sum: Tree;
  readonly inner: S;
}

/**
 * Steps once for every `every` gradients, along their mean: `every` minibatches act as one large
 * one. In between the change is 0; the inner stepper counts its own steps, so schedules do too.
 * Throws a TypeError for a stepper that makes no step, or that searches: it would see the last of the
 * minibatches only.
 *
 * ```ts
 * accumulateGradients(4, adam({ rate: 0.001 }));
 * ```
 */
export function accumulateGradients<S>(
  every: number,
  stepper: Stepper<S>,
): Stepper<AccumulatedState<S>> {
  argument('accumulateGradients', 'every', every, required(wholeNumber(1, 4)));
  expectDescent(
    'accumulateGradients',
    expectStepper('accumulateGradients', 'the optimizer', stepper),
  );
  expectNoSearch('accumulateGradients', stepper, 'would see the last minibatch only');
  const due = (step: number) => step % every === every - 1;
  const updates = (step: number) => Math.floor(step / every);
  const share = 1 / every;
  const { update, rate, learningRate, answer, whole, penalty, stationarity } = stepper;
  return {
    name: `accumulateGradients(${every}, ${stepper.name})`,
    kind: 'descent',
    settings: (params) => ({ every, of: stepper.settings?.(params) ?? null }),
    init: (params) => ({ sum: zerosLike(params), inner: stepper.init(params) }),
    numbers: (step) => [due(step) ? 1 : 0, ...(stepper.numbers?.(updates(step)) ?? [])],
    ...(update && {
      update(
        gradient: Tree,
        state: AccumulatedState<S>,
        params: Tree,
        [now, ...numbers]: readonly Operand[],
        at: FormulaPoint,
      ): readonly [Tree, unknown] {
        const sum = each(add, gradient, state.sum);
        const mean = each((g) => mul(share, g), sum);
        const inside = { ...at, gradient: mean };
        const [change, inner] = update(mean, state.inner, params, numbers, inside);
        const chosen = (yes: Operand, no: Operand) => where(now, yes, no);
        return [
          each((u) => chosen(u, 0), change),
          {
            sum: each((s) => chosen(0, s), sum),
            inner: each(chosen, inner, state.inner),
          },
        ];
      },
    }),
    step<P>(gradient: P, state: AccumulatedState<S>, params: P, at: Point<P>) {
      const sum = plus(gradient, state.sum);
      if (!due(at.step)) return [zerosLike(gradient), { ...state, sum }];
      const mean = times(share, sum);
      const inside = { step: updates(at.step), value: at.value, gradient: mean };
      const [change, inner] = takeStep(stepper, mean, state.inner, params, inside);
      return [change, { sum: zerosLike(gradient), inner }];
    },
    ...(whole && { whole }),
    ...(penalty && { penalty }),
    ...(stationarity && { stationarity }),
    ...(rate && { rate: (step: number) => rate(updates(step)) }),
    ...(learningRate && {
      learningRate: (state: AccumulatedState<S>) => learningRate(state.inner),
    }),
    ...(answer && {
      answer: <P>(state: AccumulatedState<S>, params: P): P => answer(state.inner, params),
    }),
  };
}
