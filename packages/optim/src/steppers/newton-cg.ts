import { positive, type Spec, settle, wholeNumber } from '@steepest/ground';
import { dotOf, lengthOf } from '../linear-algebra/columns.ts';
import { LineSearchError, type Stepper } from '../stepper.ts';
import { type ColumnAnswer, type ColumnAsk, overColumns } from './columns.ts';

/** How far a step may go. */
export interface NewtonCgState {
  /** 0 before the first step. */
  readonly radius: number;
}

/** All of it may be left out. */
export interface NewtonCgSettings {
  /** The first trust radius; unless given, the length of the first Cauchy step. */
  readonly radius?: number | undefined;
  /** The most Hessian-vector products for one step (as many as there are parameters). */
  readonly products?: number | undefined;
}

const newtonCgSpec = {
  radius: positive(),
  products: wholeNumber(1),
} satisfies Spec<NewtonCgSettings>;

/** Whether a value that grew by this share of |f| may be rounding. */
const roundingShare = 1e-14;

/**
 * Newton's method without the Hessian: the step inside a trust region comes from conjugate gradients on
 * Hessian-vector products, cut off where it leaves the region or meets negative curvature (Steihaug,
 * 1983), and is sought no better than min(½, √‖g‖) ‖g‖ (Nocedal & Wright, 2006, algorithm 7.2).
 *
 * For whole objectives with many parameters. Throws a LineSearchError where no step lowers f.
 *
 * ```ts
 * minimize(f, x0, { method: newtonCg() });
 * ```
 */
export function newtonCg(settings: NewtonCgSettings = {}): Stepper<NewtonCgState> {
  const { radius: first, products } = settle('newtonCg', settings, newtonCgSpec);
  return overColumns<NewtonCgState>({
    name: 'newtonCg',
    settings: () => ({ products: products ?? null }),
    init: () => ({ radius: 0 }),
    *search(g, state, x, at) {
      const size = lengthOf(g);
      if (size === 0) return [g.slice(), state];
      let radius = state.radius || first || 0;
      const path = new Path(g, x);
      const most = products ?? 2 * x.length;
      const goal = Math.min(0.5, Math.sqrt(size)) * size;
      for (let trial = 0; trial < 60; trial++) {
        if (radius === 0) {
          yield* path.extend(Infinity, goal, 1);
          radius = lengthOf(path.within(Infinity).step) || 1;
        }
        yield* path.extend(radius, goal, most);
        const { step, model, atEdge } = path.within(radius);
        const there: ColumnAnswer = yield { x: x.map((xi, i) => xi + step[i]) };
        const slack = roundingShare * Math.abs(at.value);
        const lowered = at.value - there.value;
        const hidden = -model <= slack && Math.abs(lowered) <= slack;
        const ratio = hidden ? 1 : lowered / -model;
        const length = lengthOf(step);
        if (ratio > 0.75 && atEdge) radius *= 2;
        else if (!(ratio >= 0.25)) radius = 0.25 * Math.min(radius, length);
        if (ratio > 1e-4) return [step, { radius }];
        if (!(radius > Number.EPSILON * lengthOf(x)) && radius < 1e-300) break;
      }
      throw new LineSearchError(
        'newtonCg: no step inside the trust region lowers the loss; either rounding hides any further ' +
          'progress, or the second derivatives do not belong to the loss',
      );
    },
  });
}

/** The way of conjugate gradients from 0, kept so that a smaller region asks for no new products. */
class Path {
  readonly #g: Float64Array;
  readonly #x: Float64Array;
  /** The corners of the way, from 0 on, the model's value there, and whether it ended for good. */
  readonly #corners: { readonly step: Float64Array; readonly model: number }[];
  #residual: Float64Array;
  #direction: Float64Array;
  /** A direction of negative curvature: the model falls along it without end. */
  #downhill: { readonly direction: Float64Array; readonly curvature: number } | undefined;
  #done = false;

  constructor(g: Float64Array, x: Float64Array) {
    this.#g = g;
    this.#x = x;
    this.#corners = [{ step: new Float64Array(g.length), model: 0 }];
    this.#residual = g.slice();
    this.#direction = g.map((gi) => -gi);
  }

  /** Goes on until the way leaves the radius, its residual is within the goal, or after so many products. */
  *extend(radius: number, goal: number, most: number): Generator<ColumnAsk, void, ColumnAnswer> {
    while (!this.#done && this.#corners.length <= most) {
      const { step, model } = this.#corners[this.#corners.length - 1];
      if (lengthOf(step) >= radius) return;
      const d = this.#direction;
      const { along } = yield { x: this.#x, along: d };
      const hd = along as Float64Array;
      const curvature = dotOf(d, hd);
      const square = dotOf(this.#residual, this.#residual);
      if (!(curvature > 0)) {
        this.#downhill = { direction: d, curvature };
        this.#done = true;
        return;
      }
      const alpha = square / curvature;
      this.#corners.push({
        step: step.map((s, i) => s + alpha * d[i]),
        model: model - (alpha * square) / 2,
      });
      this.#residual = this.#residual.map((r, i) => r + alpha * hd[i]);
      const next = dotOf(this.#residual, this.#residual);
      if (Math.sqrt(next) <= goal) this.#done = true;
      const beta = next / square;
      this.#direction = this.#residual.map((r, i) => beta * d[i] - r);
    }
  }

  /** The last point of the way inside the radius, and the model's change there. */
  within(radius: number): { step: Float64Array; model: number; atEdge: boolean } {
    const corners = this.#corners;
    let k = 0;
    while (k + 1 < corners.length && lengthOf(corners[k + 1].step) < radius) k++;
    const from = corners[k];
    if (k + 1 < corners.length) {
      const to = corners[k + 1];
      const d = to.step.map((t, i) => t - from.step[i]);
      const share = toEdge(from.step, d, radius);
      // Along one leg the model is a parabola with its lowest point at the leg's end.
      const model = from.model + (to.model - from.model) * share * (2 - share);
      return { step: from.step.map((s, i) => s + share * d[i]), model, atEdge: true };
    }
    if (this.#downhill === undefined || radius === Infinity) {
      if (this.#downhill !== undefined && corners.length === 1) {
        return { step: this.#g.map((gi) => -gi), model: -dotOf(this.#g, this.#g), atEdge: true };
      }
      return { ...from, atEdge: false };
    }
    const { direction, curvature } = this.#downhill;
    const share = toEdge(from.step, direction, radius);
    const slope = dotOf(this.#residual, direction);
    const model = from.model + share * slope + (share * share * curvature) / 2;
    return { step: from.step.map((s, i) => s + share * direction[i]), model, atEdge: true };
  }
}

/** t ≥ 0 with ‖s + t d‖ = radius. */
function toEdge(s: Float64Array, d: Float64Array, radius: number): number {
  const dd = dotOf(d, d);
  const sd = dotOf(s, d);
  const rest = radius * radius - dotOf(s, s);
  const root = Math.sqrt(sd * sd + dd * rest);
  return sd > 0 ? rest / (sd + root) : (root - sd) / dd;
}
