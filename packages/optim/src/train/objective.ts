import { show } from '@steepest/ground';
import type { Answer, Ask } from '../place/ask.ts';
import type { Place } from '../place/place.ts';
import { sameEntries } from '../vectors.ts';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';
import { difference } from './structure.ts';

/**
 * Asks the place, and counts. The last gradient on a batch is kept, so that the place which a line
 * search ended at is not evaluated again.
 */
export class Objective<P, B> {
  readonly #place: Place<P, B>;
  readonly #progress: Progress<P>;
  readonly #operation: string;
  #checked = false;
  #last: { params: P; batch: B; answer: Answer<P> } | undefined;

  constructor(place: Place<P, B>, { operation }: Plan<P, B>, progress: Progress<P>) {
    this.#place = place;
    this.#progress = progress;
    this.#operation = operation;
  }

  ask(params: P, ask: Ask<P>, batch: B): Answer<P> | Promise<Answer<P>> {
    const simple = ask.gradient === true && ask.over === 'batch' && !ask.curvature && !ask.along;
    const last = this.#last;
    if (simple && last !== undefined && last.batch === batch && sameEntries(last.params, params)) {
      return last.answer;
    }
    if (ask.gradient || ask.along || ask.curvature) this.#progress.gradients++;
    else this.#progress.values++;
    const answer = this.#place.answer(params, ask, batch);
    const keep = (found: Answer<P>): Answer<P> => {
      if (ask.gradient && !this.#checked) this.#check(found, params);
      if (simple) this.#last = { params, batch, answer: found };
      return found;
    };
    return answer instanceof Promise ? answer.then(keep) : keep(answer);
  }

  #check(found: Answer<P>, params: P): void {
    const { value, gradient } = found ?? {};
    if (typeof value !== 'number') {
      throw new TypeError(
        `${this.#operation}: valueAndGradient must return { value, gradient } with a number as value, got ` +
          `${show(value)}; sum the loss`,
      );
    }
    const problem = difference(params, gradient, '');
    if (problem !== undefined) {
      throw new TypeError(
        `${this.#operation}: the gradient must have the parameters' structure, but ${problem}; return one ` +
          'gradient for every parameter',
      );
    }
    this.#checked = true;
  }
}
