import type { Tree } from '@steepest/autodiff';
import { type Spec, settle, wholeNumber } from '@steepest/ground';
import { copyOf, zerosLike } from '../leaves.ts';
import type { Answer, Ask } from '../place/ask.ts';
import type { Point, Stepper } from '../stepper.ts';
import { plus, times } from '../vectors.ts';

/** The snapshot and the whole objective's gradient there. */
export interface SvrgState {
  readonly snapshot: Tree;
  readonly whole: Tree;
}

export interface SvrgSettings {
  /** Steps between two snapshots, each of which costs a pass over the data (100). */
  readonly every?: number | undefined;
}

const svrgSpec = { every: wholeNumber(1, 100) } satisfies Spec<SvrgSettings>;

/**
 * Variance reduction around any chain: u = ∇fᵢ(w) − ∇fᵢ(w̃) + ∇f(w̃), an unbiased gradient whose variance
 * vanishes as w and the snapshot w̃ approach the minimum, so that a fixed rate converges linearly (Johnson
 * & Zhang, 2013). The first link of a chain; two gradients of the batch a step, one of all data for each
 * snapshot.
 *
 * ```ts
 * train({ loss, params, data, optimizer: chain(svrg({ every: 50 }), descend(0.1)), epochs: 20 });
 * ```
 */
export function svrg(settings: SvrgSettings = {}): Stepper<SvrgState> {
  const { every } = settle('svrg', settings, svrgSpec);
  return {
    name: 'svrg',
    kind: 'direction',
    settings: () => ({ every }),
    init: (params) => ({ snapshot: copyOf(params), whole: zerosLike(params) }),
    *search<P>(
      gradient: P,
      state: SvrgState,
      params: P,
      at: Point<P>,
    ): Generator<readonly [P, Ask<P>], readonly [P, SvrgState], Answer<P>> {
      if (at.step % every === 0) {
        const all = yield [params, { over: 'all', gradient: true }];
        // At the snapshot itself both batch gradients are the same.
        return [all.gradient as P, { snapshot: copyOf(params), whole: all.gradient as Tree }];
      }
      const there = yield [state.snapshot as P, { over: 'batch', gradient: true }];
      const difference = plus(gradient, times(-1, there.gradient as P));
      return [plus(difference, state.whole), state];
    },
  };
}
