import { leavesOf, type Tree, toFlatMatrix } from '@steepest/autodiff';
import { copyOf, zerosLike } from '../leaves.ts';
import type { Answer, Ask } from '../place/ask.ts';
import type { Point, Stepper } from '../stepper.ts';
import type { FixedBatch } from '../train/data.ts';
import { plus, times } from '../vectors.ts';

/** The last gradient of each batch (null before its first), their mean by shares, and the share seen. */
export interface RememberedState {
  readonly remembered: readonly (Tree | null)[];
  readonly mean: Tree;
  readonly seen: number;
}

/**
 * SAGA's direction: with αⱼ the gradient that batch j had last (0 before) and pⱼ its share of the rows,
 * u = (pᵢ/qᵢ)(∇fᵢ(w) − αᵢ) + Σ pⱼαⱼ, then αᵢ ← ∇fᵢ(w) (Defazio, Bach & Lacoste-Julien, 2014). Unbiased,
 * with qᵢ the chance of batch i, and its variance vanishes at the minimum, so that a fixed rate converges there; one
 * gradient a step. The first link of a chain, on `fixedBatches`.
 *
 * Throws a TypeError on other data, and a RangeError where the gradients would take more than 256 MB.
 *
 * ```ts
 * train({ loss, params, data: fixedBatches(batches), optimizer: chain(saga(), descend(0.1)), epochs: 20 });
 * ```
 */
export function saga(): Stepper<RememberedState> {
  return remembering('saga', ({ share, chance }, difference, before) =>
    plus(times(share / chance, difference), before.mean),
  );
}

/**
 * SAG's direction: αᵢ ← ∇fᵢ(w), then u = Σ pⱼαⱼ / Σ pⱼ over the batches seen so far (Schmidt, Le Roux &
 * Bach, *Minimizing finite sums with the stochastic average gradient*, 2017). Biased, with less variance
 * than SAGA's. The first link of a chain, on `fixedBatches`; throws as `saga` does.
 *
 * ```ts
 * train({ loss, params, data: fixedBatches(batches), optimizer: chain(sag(), descend(0.1)), epochs: 20 });
 * ```
 */
export function sag(): Stepper<RememberedState> {
  return remembering('sag', (_batch, _difference, _before, { mean, seen }) =>
    times(1 / seen, mean),
  );
}

/** The direction, from ∇fᵢ − αᵢ and what is remembered before and after. */
type Direction = (
  batch: FixedBatch,
  difference: Tree,
  before: RememberedState,
  after: RememberedState,
) => Tree;

// A search, since only a search's state may grow, and formulas do not see batches; it asks nothing.
function remembering(name: string, direction: Direction): Stepper<RememberedState> {
  return {
    name,
    kind: 'direction',
    init: (params) => ({ remembered: [], mean: zerosLike(params), seen: 0 }),
    // biome-ignore lint/correctness/useYield: it asks nothing
    *search<P>(
      gradient: P,
      state: RememberedState,
      _params: P,
      { batch }: Point<P>,
    ): Generator<readonly [P, Ask<P>], readonly [P, RememberedState], Answer<P>> {
      if (batch === undefined) {
        throw new TypeError(
          `${name}: it remembers a gradient for each batch, and these batches change from epoch to ` +
            'epoch; give data: fixedBatches(minibatches(features, { size: 32 }))',
        );
      }
      const { number, of, share } = batch;
      const first = state.remembered.length === 0;
      if (first) checkMemory(name, of, gradient);
      const remembered = first ? Array<Tree | null>(of).fill(null) : [...state.remembered];
      const last = remembered[number];
      const difference = last === null ? gradient : plus(gradient, times(-1, last));
      remembered[number] = copyOf(gradient) as Tree;
      const mean = plus(state.mean, times(share, difference));
      const next = { remembered, mean, seen: last === null ? state.seen + share : state.seen };
      return [direction(batch, difference, state, next) as P, next];
    },
  };
}

const mostMegabytes = 256;

function checkMemory(name: string, batches: number, gradient: Tree): void {
  const entries = leavesOf(gradient).reduce((n, { leaf }) => {
    const { rows, columns } = toFlatMatrix(leaf);
    return n + rows * columns;
  }, 0);
  const megabytes = (8 * entries * batches) / 2 ** 20;
  if (megabytes <= mostMegabytes) return;
  throw new RangeError(
    `${name}: a gradient of ${entries} numbers for each of ${batches} batches takes ` +
      `${Math.ceil(megabytes)} MB, and ${mostMegabytes} MB are allowed; make the batches larger, or use svrg()`,
  );
}
