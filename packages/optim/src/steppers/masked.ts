import { isLeaf, leavesOf, type Operand, type Path, type Tree } from '@steepest/autodiff';
import { argument, callback, type Option, required } from '@steepest/ground';
import type { FormulaPoint, Point, Stepper } from '../stepper.ts';
import { takeStep } from '../take-step.ts';
import { expectNoSearch, expectStepper, kindOf } from './compose.ts';
import { replaced, type Subtree, subtree } from './subtree.ts';

/** Chooses leaves by their paths, which read as code would: `layers[0].w`. */
export type Mask = (path: Path) => boolean;

/** A mask among an optimizer's settings. */
export const maskOption: Option<Mask, 'optional'> = callback<Mask>("(path) => path !== 'b'");

/**
 * A link for the chosen leaves only; the other leaves' gradients (or changes) pass through unchanged.
 * Throws a TypeError for a whole optimizer, since the other leaves would move by their gradients:
 * `groups` with `freeze()` gives each leaf its own.
 *
 * ```ts
 * chain(masked(clipByValue(1), (path) => path.endsWith('.w')), descend(0.1));
 * ```
 */
export function masked<S>(stepper: Stepper<S>, mask: Mask): Stepper<S> {
  expectStepper('masked', 'the first argument', stepper);
  argument('masked', 'mask', mask, required(maskOption));
  expectNoSearch('masked', stepper, 'would see only some of the parameters');
  if (kindOf(stepper) === 'descent') {
    throw new TypeError(
      `masked: ${stepper.name} makes a step, and the leaves outside of the mask would move by their ` +
        `bare gradients; write groups({ moving: ${stepper.name}, still: freeze() }, choose)`,
    );
  }
  const chosen = (tree: Tree): Subtree => subtree(tree, mask);
  const seen = <A extends FormulaPoint>(at: A): Omit<A, 'gradient'> & { gradient: Subtree } => {
    const { gradient, metric } = at;
    const part = metric && { metric: () => partOf(metric(), chosen) };
    return { ...at, ...part, gradient: chosen(gradient) };
  };
  const { update, rate, learningRate, answer, numbers, penalty, stationarity } = stepper;
  return {
    name: `masked(${stepper.name})`,
    kind: kindOf(stepper),
    settings: (params) => ({
      leaves: leavesOf(params)
        .map(({ path }) => path)
        .filter((path) => mask(path)),
      of: stepper.settings?.(chosen(params)) ?? null,
    }),
    init: (params) => stepper.init(chosen(params)),
    ...(numbers && { numbers: (step: number) => numbers(step) }),
    ...(update && {
      update(
        gradient: Tree,
        state: S,
        params: Tree,
        given: readonly Operand[],
        at: FormulaPoint,
      ): readonly [Tree, unknown] {
        const [part, next] = update(chosen(gradient), state, chosen(params), given, seen(at));
        return [replaced(gradient, part as Subtree), next];
      },
    }),
    step<P>(gradient: P, state: S, params: P, at: Point<P>) {
      const g = chosen(gradient);
      const [part, next] = takeStep<Subtree, S>(stepper, g, state, chosen(params), seen(at));
      return [replaced(gradient, part), next];
    },
    ...(penalty && { penalty: (params: Tree) => penalty(chosen(params)) }),
    ...(stationarity && {
      stationarity: (gradient: Tree, params: Tree): Tree =>
        replaced(gradient, stationarity(chosen(gradient), chosen(params)) as Subtree),
    }),
    ...(rate && { rate: (step: number) => rate(step) }),
    ...(learningRate && { learningRate: (state: S) => learningRate(state) }),
    ...(answer && {
      answer: <P>(state: S, params: P): P => replaced(params, answer(state, chosen(params))),
    }),
  };
}

/** Of a metric, the part for some of the leaves; a number is the same for all of them. */
function partOf(metric: Operand | Tree, chosen: (tree: Tree) => Subtree): Operand | Tree {
  return isLeaf(metric) ? metric : chosen(metric);
}
