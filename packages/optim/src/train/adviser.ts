import { FlatMatrix } from '@steepest/autodiff';
import { randomColumn, type Spectrum, spectrum } from '../analyze/lanczos.ts';
import { type Recurrence, recurrenceOf } from '../analyze/recurrence.ts';
import { dotOf } from '../linear-algebra/columns.ts';
import type { Place } from '../place/place.ts';
import { dot, flatten, norm, plus, times, unflatten } from '../vectors.ts';
import { short } from './format.ts';
import type { Plan } from './plan.ts';
import type { Look } from './runaway.ts';

/** How close to the largest curvature a warning comes, and what it may cost in products. */
const rough = { most: 12, share: 1e-2, both: false } as const;
const thorough = { most: 100, both: true } as const;
/** A rise by a smaller share is rounding. */
const roundingShare = 1e-12;

/**
 * Watches a run of a fixed rate on a whole objective, and says so where the rate is beyond what the
 * curvature allows: when the loss rises, or from the start where it is asked to. It decides nothing:
 * the run goes on with the same bits.
 *
 * The curvature between two places that the run has seen, s apart in x and y in the gradient, costs
 * nothing and bounds the largest from below: sᵀy/sᵀs ≤ yᵀy/sᵀy ≤ L where the loss is convex. On a
 * quadratic, gradient descent rises just where the first of these exceeds 2/η. Only beyond the limit is
 * L measured, by a few products with the Hessian.
 */
export class Adviser<P, B> {
  readonly warnings: string[] = [];
  /** What a step is predicted to multiply the distance to the minimum by, where that was asked for. */
  predicted: number | undefined;
  readonly #plan: Plan<P, B>;
  readonly #place: Place<P, B>;
  #recurrence: Recurrence | undefined | 'unknown' = 'unknown';
  #before = Number.NaN;
  #rises = 0;

  constructor(plan: Plan<P, B>, place: Place<P, B>) {
    this.#plan = plan;
    this.#place = place;
  }

  /**
   * Takes note of the loss at the next step: whether it is time to compare two places. More and more
   * rarely, since losses rise and fall with momentum.
   */
  sees(value: number): boolean {
    const before = this.#before;
    this.#before = value;
    if (!(value - before > roundingShare * Math.abs(before))) return false;
    const rises = ++this.#rises;
    const isDue = rises <= 8 || (rises & (rises - 1)) === 0;
    if (!isDue || this.warnings.length > 0) return false;
    return this.recurrence !== undefined;
  }

  get recurrence(): Recurrence | undefined {
    const { optimizer, params } = this.#plan;
    if (this.#recurrence === 'unknown') this.#recurrence = recurrenceOf(optimizer, params);
    return this.#recurrence;
  }

  /** Warns where the curvature between two places, and then at one of them, is beyond what the rate allows. */
  async compare(step: number, here: Look<P>, before: Look<P>): Promise<void> {
    const limit = this.recurrence?.limit ?? Infinity;
    const turned = plus(here.gradient, times(-1, before.gradient));
    const moved = plus(here.params, times(-1, before.params));
    const along = dot(moved, turned);
    const bound = along > 0 ? dot(turned, turned) / along : norm(turned) / norm(moved);
    if (!(bound > limit)) return;
    const how = { ...rough, first: flatten(turned).data };
    // Where the loss was lower first: beyond it, a loss that is no quadratic may be of any curvature.
    for (const [at, { params }] of [
      [step - 1, before],
      [step, here],
    ] as const) {
      const found = await this.#curvature(params, how);
      if (this.#judge(at, found?.largest ?? bound)) return;
    }
  }

  /** Measures both ends of the curvature: predicts the rate of convergence, and warns where there is none. */
  async analyze(step: number, params: P): Promise<void> {
    const { recurrence } = this;
    const n = flatten(params).rows;
    const found = await this.#curvature(params, { ...thorough, first: randomColumn(n, 1) });
    if (recurrence === undefined || found === undefined) return;
    const { smallest, largest } = found;
    if (smallest > 0) this.predicted = slowest(recurrence, smallest, largest);
    if (this.warnings.length === 0) this.#judge(step, largest);
  }

  /** What the end of a run that did not get anywhere has to do with its rate: '' where nothing is known. */
  async verdict(step: number, params: P): Promise<string> {
    if (this.warnings.length === 0 && this.recurrence !== undefined) {
      const n = flatten(params).rows;
      const found = await this.#curvature(params, { ...rough, first: randomColumn(n, 1) });
      if (found !== undefined) this.#judge(step, found.largest);
    }
    return this.warnings.length === 0 ? '' : `; ${this.#excess}`;
  }

  #excess = '';

  /** Whether the largest curvature is beyond what the rate allows: then it is warned of. */
  #judge(step: number, largest: number): boolean {
    const { recurrence } = this;
    const { optimizer, onWarning } = this.#plan;
    if (recurrence === undefined || !(largest > recurrence.limit)) return false;
    const { rate, limit } = recurrence;
    const most = (rate * limit) / largest;
    this.#excess =
      `the rate ${short(rate)} is beyond ${short(rate * limit)}/L = ${short(most)}, L = ` +
      `${short(largest)} being the largest curvature of the loss`;
    const warning =
      `at step ${step}, ${this.#excess} here: ${optimizer.name} diverges; give a rate below ` +
      `${short(most)}, or let analyze(loss, params, data) find the best`;
    this.warnings.push(warning);
    onWarning?.(warning);
    return true;
  }

  /** What the place says about the curvature; undefined where it cannot. */
  async #curvature(params: P, how: Parameters<typeof spectrum>[0]): Promise<Spectrum | undefined> {
    const batch = this.#plan.source.data as B;
    if (!(dotOf(how.first, how.first) > 0)) return undefined;
    const search = spectrum(how);
    let turn = search.next();
    try {
      while (!turn.done) {
        const along = unflatten(new FlatMatrix(turn.value.length, 1, turn.value), params);
        const answer = await this.#place.answer(params, { over: 'batch', along }, batch);
        turn = search.next(flatten(answer.along as P).data);
      }
    } catch {
      // A loss with a gradient of its own need have no derivatives, a place no products.
      return undefined;
    }
    return Number.isFinite(turn.value.largest) ? turn.value : undefined;
  }
}

/** The largest factor over curvatures between two: at one of them, or where the two meet. */
function slowest({ factor }: Recurrence, smallest: number, largest: number): number {
  const ratio = (largest / smallest) ** (1 / 32);
  const curvatures = Array.from({ length: 32 }, (_, k) => smallest * ratio ** k);
  return Math.max(...curvatures.map(factor), factor(largest));
}
