import { FlatMatrix, item, leavesOf, type Tree } from '@steepest/autodiff';
import { oneOf, required, type Spec, settle, wholeNumber } from '@steepest/ground';
import { dotOf } from '../linear-algebra/columns.ts';
import { penaltyOption } from '../penalties/option.ts';
import { gradientMapping, penaltyOf, proxOf } from '../penalties/over-trees.ts';
import type { Penalty } from '../penalties/penalty.ts';
import type { Answer, Ask } from '../place/ask.ts';
import type { Point, Stepper } from '../stepper.ts';
import { flatten, unflatten } from '../vectors.ts';
import { noDescent } from './line-search.ts';
import { type Mask, maskOption } from './masked.ts';
import { modelMinimum } from './penalized-model.ts';
import { replaced, subtree } from './subtree.ts';

/** The share of the model's decrease that a step must bring, as of Tseng and Yun. */
const decrease = 1e-4;

/** What is added to the loss, and to which leaves; all but the penalty may be left out. */
export interface ProximalNewtonSettings {
  readonly penalty: Penalty;
  /** The leaves that are penalized, by their paths; all unless given. */
  readonly penalized?: Mask | undefined;
  /** The Hessian, or its Gauss–Newton part where the place of the run offers it ('hessian'). */
  readonly curvature?: 'hessian' | 'gaussNewton' | undefined;
  /** The most steps that a line search looks at (40). */
  readonly trials?: number | undefined;
}

const spec = {
  penalty: required(penaltyOption),
  penalized: maskOption,
  curvature: oneOf(['hessian', 'gaussNewton'], 'hessian'),
  trials: wholeNumber(1, 40),
} satisfies Spec<ProximalNewtonSettings>;

/**
 * Proximal Newton for f + h, h a penalty: d minimizes gᵀd + ½ dᵀHd + h(x + d), and the step is the first
 * t of 1, ½, ¼ … with F(x + t d) ≤ F(x) + 10⁻⁴ t (gᵀd + h(x + d) − h(x)) (Lee, Sun and Saunders, 2014; Tseng
 * and Yun, 2009). d comes from coordinate descent where h is separable and from accelerated proximal
 * gradients elsewhere; H is shifted until it is positive definite.
 *
 * Converges quadratically, and zeros are exact. Forms the Hessian: for some hundred parameters, on the
 * whole objective. Throws a LineSearchError where no step lowers F.
 *
 * ```ts
 * minimize(f, x0, { method: proximalNewton({ penalty: l1(0.1) }) });
 * minimize(f, { w, b }, { method: proximalNewton({ penalty: l1(0.1), penalized: (path) => path === 'w' }) });
 * ```
 */
export function proximalNewton(
  settings: ProximalNewtonSettings,
): Stepper<{ readonly rate: number }> {
  const { penalty, penalized, curvature, trials } = settle('proximalNewton', settings, spec);
  const chosen = (tree: Tree): Tree => (penalized === undefined ? tree : subtree(tree, penalized));
  const joined = (tree: Tree, part: Tree): Tree =>
    penalized === undefined ? part : replaced(tree, part as never);
  const worth = (tree: Tree): number => item(penaltyOf(penalty, chosen(tree)));
  return {
    name: `proximalNewton(${penalty.name})`,
    whole: true,
    settings: (params) => ({
      curvature,
      leaves: leavesOf(params)
        .map(({ path }) => path)
        .filter((path) => penalized?.(path) ?? true),
    }),
    init: () => ({ rate: 0 }),
    *search<P>(
      gradient: P,
      _state: { readonly rate: number },
      params: P,
      at: Point<P>,
    ): Generator<
      readonly [P, Ask<P>],
      readonly [change: P, state: { readonly rate: number }],
      Answer<P>
    > {
      const like = (x: Float64Array): P => unflatten(new FlatMatrix(x.length, 1, x), params);
      const kind = curvature === 'hessian' ? true : curvature;
      const { curvature: h } = yield [params, { over: 'batch', curvature: kind }];
      const g = flatten(gradient as Tree).data;
      const x = flatten(params as Tree).data;
      const target = modelMinimum({
        hessian: (h as FlatMatrix).data,
        gradient: g,
        x,
        penalty,
        penalized: penalizedEntries(params as Tree, penalized),
        prox: (v, step) => {
          const tree = like(v) as Tree;
          return flatten(joined(tree, proxOf(penalty, chosen(tree), step))).data;
        },
      });
      const d = target.map((v, i) => v - x[i]);
      const here = worth(params as Tree);
      const promised = dotOf(g, d) + worth(like(target) as Tree) - here;
      if (d.every((di) => di === 0)) return [like(d), { rate: 1 }];
      if (promised < 0) {
        let rate = 1;
        for (let trial = 0; trial < trials; trial++, rate /= 2) {
          const next = rate === 1 ? like(target) : like(x.map((xi, i) => xi + rate * d[i]));
          const there = yield [next, { over: 'batch' }];
          const value = there.value + worth(next as Tree);
          if (value <= at.value + here + decrease * rate * promised) {
            return [like(d.map((di) => rate * di)), { rate }];
          }
        }
      }
      throw noDescent('proximalNewton');
    },
    learningRate: (state) => state.rate,
    penalty: (params) => penaltyOf(penalty, chosen(params)),
    stationarity: (gradient, params) =>
      joined(gradient, gradientMapping(penalty, chosen(gradient), chosen(params))),
  };
}

/** 1 for every entry of a leaf that is penalized. */
function penalizedEntries(params: Tree, penalized: Mask | undefined): Uint8Array {
  const flags = leavesOf(params).map(({ path, leaf }) => {
    const size = typeof leaf === 'number' ? 1 : flatten(leaf as Tree).data.length;
    return new Uint8Array(size).fill((penalized?.(path) ?? true) ? 1 : 0);
  });
  return Uint8Array.from(flags.flatMap((part) => [...part]));
}
