import { refusal } from '@steepest/ground';
import type { Answer, Ask } from './ask.ts';

/** What yields questions to a place, and gives a result in the end. */
export type Asking<P, R> = Generator<readonly [params: P, ask: Ask<P>], R, Answer<P>>;

/** How a place answers: at once, or later. */
export type Answering<P> = (params: P, ask: Ask<P>) => Answer<P> | Promise<Answer<P>>;

/**
 * Runs a search to its end: at once as long as the place answers at once, through promises from the
 * first answer on that comes later. Every text of a method runs both ways, with the same bits.
 *
 * ```ts
 * const found = drive(stepper.search(g, state, w, at), (params, ask) => place.answer(params, ask, batch));
 * const [change, next] = found instanceof Promise ? await found : found;
 * ```
 */
export function drive<P, R>(search: Asking<P, R>, answer: Answering<P>): R | Promise<R> {
  if (typeof search?.next !== 'function') {
    const advice = 'write *search(gradient, state, params, at) { … }';
    throw refusal('drive', 'search must be a generator', search, advice);
  }
  let turn = search.next();
  while (!turn.done) {
    const found = answer(...questionOf(turn.value));
    if (found instanceof Promise) return later(search, found, answer);
    turn = search.next(found);
  }
  return turn.value;
}

async function later<P, R>(
  search: Asking<P, R>,
  first: Promise<Answer<P>>,
  answer: Answering<P>,
): Promise<R> {
  let turn = search.next(await first);
  while (!turn.done) turn = search.next(await answer(...questionOf(turn.value)));
  return turn.value;
}

function questionOf<P>(yielded: readonly [params: P, ask: Ask<P>]): readonly [P, Ask<P>] {
  const [, ask] = Array.isArray(yielded) ? yielded : [];
  if (ask?.over === 'batch' || ask?.over === 'all') return yielded;
  const expected = 'search must yield parameters and what it wants to know there';
  const advice = "write yield [params, { over: 'batch', gradient: true }]";
  throw refusal('drive', expected, yielded, advice);
}
