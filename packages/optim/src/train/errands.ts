import type { Errand, Place, Standing, Stretch } from '../place/place.ts';
import type { Stepper } from '../stepper.ts';

/** How long a place may be away before timers, aborts and the screen have their turn. */
const awayMilliseconds = 12;
const mostSteps = 1 << 16;

/** What came of an errand, and how to come back to any step of it. */
export interface Sailed<P> extends Stretch<P> {
  readonly from: Standing<P>;
  /** The parameters and the state after the first so many of its steps: the same steps once more. */
  after(steps: number): Promise<Standing<P>>;
}

/** Sends a place on errands, each about as long as timers can wait. */
export class Errands<P, B> {
  readonly #steps: NonNullable<Place<P, B>['steps']>;
  readonly #by: Stepper;
  readonly #batchRows: number;
  readonly #now: () => number;
  /** How many steps the next errand may have. */
  #most = 1;

  constructor(
    steps: NonNullable<Place<P, B>['steps']>,
    by: Stepper,
    { batchRows = 0, now }: { readonly batchRows?: number | undefined; readonly now: () => number },
  ) {
    this.#steps = steps;
    this.#by = by;
    this.#batchRows = batchRows;
    this.#now = now;
  }

  /** How many of so many steps fit into one errand. */
  within(steps: number): number {
    return Math.max(0, Math.min(steps, this.#most));
  }

  async send(from: Standing<P>, errand: Errand): Promise<Sailed<P>> {
    const began = this.#now();
    const stretch = await this.#steps(this.#by, from, errand);
    const taken = stretch.losses.length;
    this.#pace(taken, this.#now() - began);
    const after = async (steps: number): Promise<Standing<P>> => {
      if (steps === 0) return from;
      const { params, state } =
        steps === taken ? stretch : await this.#steps(this.#by, from, this.#shorter(errand, steps));
      return { params, state, step: from.step + steps };
    };
    return { ...stretch, from, after };
  }

  #shorter(errand: Errand, steps: number): Errand {
    const order = errand.order?.subarray(0, steps * this.#batchRows);
    return { ...errand, steps, ...(order && { order }) };
  }

  #pace(steps: number, milliseconds: number): void {
    if (steps === 0) return;
    const fitting = (0.75 * awayMilliseconds * steps) / Math.max(milliseconds, 1e-3);
    this.#most = Math.max(1, Math.min(Math.floor(fitting), 4 * this.#most, mostSteps));
  }
}
