/** Near the minimum, where the model promises less than this share of ‖r‖² … */
const nearShare = 1e-2;
/** … each step should leave less than this share of what was promised before it. */
const crawl = 0.3;

/** Tells where Gauss and Newton's model is too coarse to close in on the minimum: see `newtonStep`. */
export class Pace {
  slow = false;
  #last = Infinity;
  #crawls = 0;

  /** Takes note of the share by which the model promised to lower ‖r‖², before a step. */
  saw(promised: number): void {
    const crawls = promised < nearShare && promised > crawl * this.#last;
    this.#crawls = crawls ? this.#crawls + 1 : 0;
    this.#last = promised;
    if (this.#crawls >= 4) this.slow = true;
  }
}
