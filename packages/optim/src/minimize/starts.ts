import { FlatMatrix } from '@steepest/autodiff';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Report } from '../train/report.ts';
import type { Result } from '../train/result.ts';
import { Training } from '../train/training.ts';
import { flatten, unflatten } from '../vectors.ts';

/**
 * A run from each of several starts, one after the other; the result is that of the run which ended
 * lowest, of the first of these where some end alike. Reports of all runs come in their order.
 *
 * ```ts
 * fromSeveral(startsAround(x0, 20, 1), (start) => minimize(f, start));
 * ```
 */
export function fromSeveral<P, S>(
  starts: Iterable<S>,
  run: (start: S) => Training<P>,
): Training<P> {
  return new Training<P>(async function* (settle, fail): AsyncGenerator<Report, void> {
    let best: Result<P> | undefined;
    try {
      for (const start of starts) {
        const one = run(start);
        yield* one;
        const result = await one;
        if (best === undefined || result.value < best.value || Number.isNaN(best.value)) {
          best = result;
        }
        if (result.reason === 'aborted') break;
      }
    } catch (error) {
      fail(error);
      throw error;
    }
    if (best !== undefined) settle(best);
  });
}

/**
 * x0 itself, then points around it: each entry moved by a normal deviate times its own size, or 1 where
 * that is smaller. The same seed gives the same points.
 */
export function* startsAround<X>(x0: X, count: number, seed: number): Generator<X> {
  const random = xoroshiro128plus(seed);
  const center = flatten(x0 as never).data;
  yield x0;
  for (let k = 1; k < count; k++) {
    const moved = center.map((x) => x + Math.max(1, Math.abs(x)) * normal(random));
    yield unflatten(new FlatMatrix(moved.length, 1, moved), x0);
  }
}

/** A standard normal deviate (Box & Muller, 1958). */
function normal(random: RandomGenerator): number {
  const unit = () => uniformInt(random, 1, 2 ** 30) / 2 ** 30;
  return Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
}
