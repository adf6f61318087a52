import type { Tree } from '@steepest/autodiff';
import { nonNegative, type Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/** The sum of squared gradients so far. */
export interface SquaresState {
  readonly squares: Tree;
}

/** Settings of Adagrad; the sum of squares starts at 0, epsilon is 1e-10 unless given. */
export interface AdagradSettings {
  readonly initial?: number | undefined;
  readonly epsilon?: number | undefined;
  /** ε under the root, √(s + ε), as in Optax (which starts at 0.1, with an ε of 1e-7). */
  readonly epsilonInsideRoot?: boolean | undefined;
}

const adagradOptions = { initial: true, epsilon: true, epsilonInsideRoot: true } as const;

/**
 * Adagrad's direction: s ← s + g², u = g/(√s + ε) (Duchi, Hazan & Singer, 2011; PyTorch's
 * convention). An entry with gradients of 0 only stays where it is.
 *
 * ```ts
 * chain(byRootOfSum(), descend(0.1)); // adagrad
 * ```
 */
export function byRootOfSum(settings: AdagradSettings = {}): Stepper<SquaresState> {
  knownOptions('byRootOfSum', settings, adagradOptions);
  const { initial = 0, epsilon = 1e-10, epsilonInsideRoot = false } = settings;
  const inside = epsilonInsideRoot ? epsilon : 0;
  const outside = epsilonInsideRoot ? 0 : epsilon;
  nonNegative('adagrad', 'initial', initial);
  nonNegative('adagrad', 'epsilon', epsilon);
  return {
    name: 'byRootOfSum',
    init: (params) => ({ squares: entrywise((out) => out.fill(initial), zerosLike(params)) }),
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
  };
}

/**
 * Adagrad: s ← s + g², w ← w − η g/(√s + ε) (Duchi, Hazan & Singer, 2011; PyTorch's convention).
 * The rate is 0.01 unless given.
 *
 * ```ts
 * adagrad({ rate: 0.1 });
 * ```
 */
export function adagrad(
  settings: { rate?: Rate | undefined } & AdagradSettings = {},
): Stepper<readonly [SquaresState, RateState]> {
  const example = 'adagrad({ rate: 0.01 })';
  knownOptions('adagrad', settings, { rate: true, ...adagradOptions }, { example });
  const { rate = 0.01, ...squares } = settings;
  return named('adagrad', chain(byRootOfSum(squares), descent('adagrad', rate)));
}
