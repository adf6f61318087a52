import {
  abs,
  add,
  div,
  leavesOf,
  maximum,
  mul,
  neg,
  type Operand,
  sqrt,
  square,
  sub,
  sum,
  type Tree,
  where,
} from '@steepest/autodiff';
import { positive, type Spec, settle } from '@steepest/ground';
import { copyOf, zerosLike } from '../leaves.ts';
import { type Rate, rateOr, scheduleOf } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { type MomentsSettings, momentsSpec } from './adam.ts';
import { each } from './each.ts';
import { innerProduct } from './tree-sums.ts';

/** Adam's moments, and the estimate d of the distance from the start to a minimum. */
export interface ProdigyState {
  readonly start: Tree;
  readonly first: Tree;
  readonly second: Tree;
  readonly weighted: Tree;
  readonly numerator: number;
  readonly distance: number;
}

/** As for Adam; the rate, 1 unless given, only shapes a schedule. */
export interface ProdigySettings extends MomentsSettings {
  readonly rate?: Rate | undefined;
  /** The first estimate of the distance (1e-6): too small is safe, it grows within some steps. */
  readonly distance?: number | undefined;
}

const prodigySpec = {
  ...momentsSpec,
  rate: rateOr(1),
  distance: positive(1e-6),
} satisfies Spec<ProdigySettings>;

/**
 * Adam that finds its learning rate: it estimates the distance d to a minimum by
 * r ← √b₂ r + (1 − √b₂) γ d² ⟨g, x₀ − x⟩, s ← √b₂ s + (1 − √b₂) γ d² g, d ← max(d, r/‖s‖₁), and steps by
 * γ d m/(√v + dε) with moments of d g (Mishchenko & Defazio, *Prodigy*, 2024, algorithm 4).
 *
 * ```ts
 * train({ loss, params, data, optimizer: prodigy(), epochs: 20 });
 * ```
 */
export function prodigy(settings: ProdigySettings = {}): Stepper<ProdigyState> {
  const { rate, distance, b1, b2, epsilon } = settle('prodigy', settings, prodigySpec);
  const schedule = scheduleOf('prodigy', rate);
  const b3 = Math.sqrt(b2);
  return {
    name: 'prodigy',
    settings: () => ({ distance, b1, b2, epsilon }),
    init: (params) => ({
      start: copyOf(params),
      first: zerosLike(params),
      second: zerosLike(params),
      weighted: zerosLike(params),
      numerator: 0,
      distance,
    }),
    numbers: (step) => [schedule(step)],
    update(gradient, state, params, [gamma]) {
      const d = state.distance;
      const square2 = mul(gamma, square(d));
      const first = each((m, g) => add(mul(b1, m), mul(mul(1 - b1, d), g)), state.first, gradient);
      const second = each(
        (v, g) => add(mul(b2, v), mul(mul(1 - b2, square(d)), square(g))),
        state.second,
        gradient,
      );
      const along = innerProduct(gradient, each(sub, state.start, params));
      const numerator = add(mul(b3, state.numerator), mul(mul(1 - b3, square2), along));
      const weighted = each(
        (s, g) => add(mul(b3, s), mul(mul(1 - b3, square2), g)),
        state.weighted,
        gradient,
      );
      const size = leavesOf(weighted).reduce<Operand>(
        (total, { leaf }) => add(total, sum(abs(leaf))),
        0,
      );
      const found = where(size, div(numerator, size), 0);
      const step = neg(mul(gamma, d));
      const change = each(
        (m, v) => where(m, mul(step, div(m, add(sqrt(v), mul(d, epsilon)))), 0),
        first,
        second,
      );
      const next = { first, second, weighted, numerator, distance: maximum(d, found) };
      return [change, { start: state.start, ...next }];
    },
    metric: ({ second, distance: d }, [gamma]) =>
      each((v) => div(mul(gamma, mul(d, d)), add(sqrt(v), mul(d, epsilon))), second),
    learningRate: (state) => state.distance,
  };
}
