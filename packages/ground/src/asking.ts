import { isThenable } from './show.ts';

/** An answer that is there, or will be. */
export type Later<T> = T | Promise<T>;

/** A computation that asks questions on its way, which are answered at once or later. */
export type Asking<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** The answer within a computation: at once if it is there. */
export function* got<T>(answer: T | PromiseLike<T>): Asking<T> {
  return isThenable(answer) ? ((yield answer) as T) : answer;
}

/**
 * Runs a computation to its end: at once as long as every answer is there, through promises from the
 * first one on that comes later. One text runs both ways, with the same bits.
 *
 * @example
 * answered((function* () { return 1 + (yield* got(2)); })()) // 3
 */
export function answered<T>(asking: Asking<T>): Later<T> {
  const turn = asking.next();
  return turn.done ? turn.value : later(asking, turn.value);
}

async function later<T>(asking: Asking<T>, first: PromiseLike<unknown>): Promise<T> {
  let waiting = first;
  for (;;) {
    let answer: unknown;
    try {
      answer = await waiting;
    } catch (error) {
      const turn = asking.throw(error);
      if (turn.done) return turn.value;
      waiting = turn.value;
      continue;
    }
    const turn = asking.next(answer);
    if (turn.done) return turn.value;
    waiting = turn.value;
  }
}

/** The answer of a computation whose answers are all there. */
export function atOnce<T>(asking: Asking<T>): T {
  const found = answered(asking);
  if (!(found instanceof Promise)) return found;
  found.catch(() => {}); // nobody waits for it
  throw new TypeError('the rows answer later; await a call that can wait for them');
}
