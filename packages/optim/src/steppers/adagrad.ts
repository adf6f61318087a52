import { add, div, mul, type Operand, sqrt, type Tree, where } from '@steepest/autodiff';
import { boolean, nonNegative, type Spec, settle } from '@steepest/ground';
import { entrywise } from '../leaves.ts';
import { type Rate, rateOr } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** The sum of squared gradients so far. */
export interface SquaresState {
  readonly squares: Tree;
}

/** Where the sum of squares starts (0), and what keeps the division from 0 (1e-10). */
export interface SquaresSettings {
  readonly initial?: number | undefined;
  readonly epsilon?: number | undefined;
  /** ε under the root, √(s + ε), as in Optax (which starts at 0.1, with an ε of 1e-7). */
  readonly epsilonInsideRoot?: boolean | undefined;
}

const squaresSpec = {
  initial: nonNegative(0),
  epsilon: nonNegative(1e-10),
  epsilonInsideRoot: boolean(false),
} satisfies Spec<SquaresSettings>;

/**
 * Adagrad's direction: s ← s + g², u = g/(√s + ε) (Duchi, Hazan & Singer, 2011; PyTorch's
 * convention). An entry with gradients of 0 only stays where it is.
 *
 * ```ts
 * chain(byRootOfSum(), descend(0.1)); // adagrad
 * ```
 */
export function byRootOfSum(settings: SquaresSettings = {}): Stepper<SquaresState> {
  return rootOfSum('byRootOfSum', settings);
}

function rootOfSum(operation: string, settings: SquaresSettings): Stepper<SquaresState> {
  const { initial, epsilon, epsilonInsideRoot } = settle(operation, settings, squaresSpec);
  const inside = epsilonInsideRoot ? epsilon : 0;
  const outside = epsilonInsideRoot ? 0 : epsilon;
  const sizeOf = (s: Operand) => add(sqrt(add(s, inside)), outside);
  return {
    name: 'byRootOfSum',
    kind: 'direction',
    settings: () => ({ epsilon, epsilonInsideRoot, initial }),
    init: (params) => ({ squares: entrywise((out) => out.fill(initial), params) }),
    update(gradient, state) {
      const squares = each((s, g) => add(s, mul(g, g)), state.squares, gradient);
      return [each((g, s) => where(g, div(g, sizeOf(s)), 0), gradient, squares), { squares }];
    },
    step(gradient, state) {
      const squares = entrywise(
        (out, s, g) => {
          for (let i = 0; i < out.length; i++) out[i] = s[i] + g[i] * g[i];
        },
        state.squares,
        gradient,
      );
      const direction = entrywise(
        (out, g, s) => {
          for (let i = 0; i < out.length; i++) {
            out[i] = g[i] === 0 ? 0 : g[i] / (Math.sqrt(s[i] + inside) + outside);
          }
        },
        gradient,
        squares,
      );
      return [direction, { squares }];
    },
    metric: ({ squares }) => each((s) => div(1, sizeOf(s)), squares),
  };
}

/** A learning rate (0.01), and the settings of the sum of squares. */
export interface AdagradSettings extends SquaresSettings {
  readonly rate?: Rate | undefined;
}

const adagradSpec = { rate: rateOr(0.01), ...squaresSpec } satisfies Spec<AdagradSettings>;

/**
 * Adagrad: s ← s + g², w ← w − η g/(√s + ε) (Duchi, Hazan & Singer, 2011; PyTorch's convention).
 * The rate is 0.01 unless given.
 *
 * ```ts
 * adagrad({ rate: 0.1 });
 * ```
 */
export function adagrad(settings: AdagradSettings = {}): Stepper<readonly [SquaresState, null]> {
  const { rate, ...rest } = settle('adagrad', settings, adagradSpec);
  return named('adagrad', chain(rootOfSum('adagrad', rest), descent('adagrad', rate)));
}
