import { isLeaf, item, type Tree, toFlatMatrix } from '@steepest/autodiff';
import { show } from '@steepest/ground';
import { mapMembers, memberOf } from './leaves.ts';
import type { Answer, Ask } from './place/ask.ts';
import type { Point, Stepper } from './stepper.ts';

/** What a search yields, gives in the end, and is told in between. */
export type Search<P, S> = Generator<
  readonly [params: P, ask: Ask<P>],
  readonly [change: P, state: S],
  Answer<P>
>;

/**
 * One step of a stepper that does not search: by its plain loop, or by its formula where there is no
 * loop. Throws a TypeError unless it gives a pair: a forgotten state would surface far from here.
 */
export function takeStep<P, S>(
  stepper: Stepper<S>,
  gradient: P,
  state: S,
  params: P,
  at: Point<P>,
): readonly [change: P, state: S] {
  if (stepper.step !== undefined) {
    return pairOf(stepper, 'step', stepper.step(gradient, state, params, at));
  }
  if (stepper.update === undefined) {
    throw new TypeError(`${stepper.name}: it searches, and whoever takes its step does not answer`);
  }
  const numbers = stepper.numbers?.(at.step) ?? [];
  const updated = stepper.update(gradient, state, params, numbers, at);
  const [change, next] = pairOf(stepper, 'update', updated);
  return [alike(change, gradient) as P, alike(next, state) as S];
}

/** One step of any stepper, as a search: it asks nothing where the stepper does not. */
export function* searchStep<P, S>(
  stepper: Stepper<S>,
  gradient: P,
  state: S,
  params: P,
  at: Point<P>,
): Search<P, S> {
  if (stepper.search === undefined) return takeStep(stepper, gradient, state, params, at);
  return pairOf(stepper, 'search', yield* stepper.search(gradient, state, params, at));
}

function pairOf<A, B>(stepper: Stepper, method: string, pair: readonly [A, B]): readonly [A, B] {
  if (Array.isArray(pair) && pair.length === 2) {
    const kind = typeof pair[0];
    if (kind === 'object' || kind === 'number') return pair;
    const change = `the change that ${method} returns must be the parameters' structure`;
    throw new TypeError(`${stepper.name}: ${change}, got ${show(pair[0])}`);
  }
  const found = Array.isArray(pair) ? `a list of ${pair.length}` : show(pair);
  throw new TypeError(
    `${stepper.name}: ${method} must return [change, state], it returned ${found}; ` +
      'a stepper without a state returns [change, null]',
  );
}

/** What operations gave, with numbers where `like` has numbers. */
function alike(found: Tree, like: Tree): Tree {
  if (isLeaf(found)) return typeof like === 'number' ? item(found) : toFlatMatrix(found);
  return mapMembers(found, (member, key) => alike(member, memberOf(like, key)));
}
