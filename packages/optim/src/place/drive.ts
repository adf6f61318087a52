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
  let turn = search.next();
  while (!turn.done) {
    const found = answer(...turn.value);
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
  while (!turn.done) turn = search.next(await answer(...turn.value));
  return turn.value;
}
