import { CurvatureModel } from './curvature-model.ts';
import { dualityGap } from './gap.ts';
import type { Point, Slope, Smooth } from './point.ts';
import { lengthOf, penaltyAt, type Strengths } from './strengths.ts';

/** A minimum, and what it cost. */
export interface Solved {
  readonly at: Point;
  readonly slope: Slope;
  /** The objective, penalty and all. */
  readonly objective: number;
  readonly gap: number;
  readonly reason: 'minimum' | 'no further' | 'aborted' | 'round limit';
  readonly steps: number;
}

/** The duality gap that is aimed at, and the one that is small enough where rounding leaves no less. */
export interface Accuracy {
  readonly aim: number;
  readonly enough: number;
  /** How far the last step may have moved a coordinate, as a share of the largest. */
  readonly change: number;
}

/** Up to so many coordinates all of them are in every step; beyond, those that are to leave 0. */
export const mostUnscreened = 300;

const mostRounds = 200;
/** A step that leaves more of the gap than this asks for a new curvature. */
const slow = 0.05;

/**
 * Proximal Newton from one set of penalties to the next (Lee, Sun and Saunders, 2014): the curvature of the
 * last point serves the next too, corrected by every step, until a step gains little. Of many coordinates
 * those are in a step that are not 0 or break their bound: a second step for those that do so only after
 * the first costs less than the curvature by all that the sequential strong rule (Tibshirani et al., 2012)
 * would keep.
 */
export class Descent {
  readonly #smooth: Smooth;
  readonly #least: number;
  readonly #span: number;
  #at: Point;
  #slope: Slope;
  #model: CurvatureModel | undefined;
  /** How far the last step moved a coordinate, as a share of the largest. */
  #moved = Infinity;

  /** `span`: what the null model is above the best that any scores could reach, the unit of rounding. */
  constructor(smooth: Smooth, start: Point, least: number, span: number) {
    this.#smooth = smooth;
    this.#at = start;
    this.#slope = smooth.slope(start);
    this.#least = least;
    this.#span = span;
  }

  get slope(): Slope {
    return this.#slope;
  }

  /**
   * Goes on from where it stands until the duality gap is at most what is aimed at; where it is within
   * `enough`, only for as long as it falls.
   */
  to(strengths: Strengths, { aim, enough, change }: Accuracy, signal?: AbortSignal): Solved {
    let chosen = this.#screened(strengths);
    let gap = this.#gap(strengths);
    let steps = 0;
    this.#moved = Infinity;
    /** How much better the curvature can be made: 2 from all rows, 1 from some, 0 not. */
    let better = 2;
    let still = 0;
    const ended = (reason: Solved['reason']): Solved => {
      const [at, slope] = [this.#at, this.#slope];
      return { at, slope, objective: this.#total(strengths), gap, reason, steps };
    };
    for (;;) {
      const rests = gap <= aim && this.#moved <= change;
      if (rests || (still === 2 && gap <= enough)) return ended('minimum');
      if (signal?.aborted) return ended('aborted');
      if (steps === mostRounds) return ended('round limit');
      chosen = this.#withOffenders(chosen, strengths);
      if (this.#model === undefined || !sameList(this.#model.chosen, chosen)) {
        better = this.#renew(chosen, better === 0 ? 1 : better);
      }
      if (!this.#step(strengths, aim)) {
        if (better === 0) return ended(gap <= enough ? 'minimum' : 'no further');
        better = this.#renew(chosen, better);
        if (!this.#step(strengths, aim)) return ended(gap <= enough ? 'minimum' : 'no further');
      }
      steps++;
      const next = this.#gap(strengths);
      still = next < 0.9 * gap ? 0 : still + 1;
      if (still === 8 && better === 0) return ended('no further');
      if (next > slow * gap && next > aim) {
        better = this.#renew(chosen, better === 0 ? 1 : better);
      }
      gap = next;
    }
  }

  /** What is known where it stands, by the curvature there. */
  standing(strengths: Strengths): Solved {
    this.#renew(this.#withOffenders(this.#screened(strengths), strengths), 1);
    const gap = this.#gap(strengths);
    const [at, slope] = [this.#at, this.#slope];
    return { at, slope, objective: this.#total(strengths), gap, reason: 'no further', steps: 0 };
  }

  /** What one more step would change, by the curvature at this point: its gain, and the step. */
  outlook(strengths: Strengths): { readonly gain: number; readonly step: Point } {
    const chosen = this.#withOffenders(this.#screened(strengths), strengths);
    this.#renew(chosen, 1);
    const at = this.#at;
    const target = this.#model?.target(at, this.#slope, strengths, 0) ?? at;
    const step = {
      w: target.w.map((value, j) => value - at.w[j]),
      b: target.b.map((value, k) => value - at.b[k]),
    };
    const promised = this.#promised(at, target, strengths);
    return { gain: Math.max(0, -promised / 2), step };
  }

  /** The subgradient that a step may leave, so that it does not count in the gap. */
  #fineness(aim: number): number {
    const { w } = this.#at;
    const size = w.reduce((sum, value) => sum + Math.abs(value), 0);
    // Exact inner steps save outer ones, which are dear where rows are many and coordinates few.
    const share = w.length > mostUnscreened ? 0.4 : 0.05;
    return size > 0 ? (share * aim) / size : 0;
  }

  #gap(strengths: Strengths): number {
    const free = this.#model?.freeDecrement(this.#slope, strengths) ?? 0;
    return dualityGap(this.#at, this.#slope, strengths, this.#least) + free;
  }

  #total(strengths: Strengths, at: Point = this.#at, slope: Slope = this.#slope): number {
    return slope.value + penaltyAt(strengths, at);
  }

  /** A new curvature: roughly at first, from all rows if that was not enough. */
  #renew(chosen: Int32Array, level: number): number {
    const { matrix, exact } = this.#smooth.curvature(this.#at, chosen, level === 2);
    const { outputs, intercept } = this.#smooth;
    this.#model = new CurvatureModel(matrix, chosen, outputs, intercept);
    return exact ? 0 : 1;
  }

  #promised(from: Point, to: Point, strengths: Strengths): number {
    let change = penaltyAt(strengths, to) - penaltyAt(strengths, from);
    for (let j = 0; j < to.w.length; j++) change += this.#slope.w[j] * (to.w[j] - from.w[j]);
    for (let k = 0; k < to.b.length; k++) change += this.#slope.b[k] * (to.b[k] - from.b[k]);
    return change;
  }

  /** A step, halved until the objective falls as promised; says whether there was one. */
  #step(strengths: Strengths, aim: number): boolean {
    const model = this.#model;
    if (model === undefined) return false;
    const [from, slope] = [this.#at, this.#slope];
    const target = model.target(from, slope, strengths, this.#fineness(aim));
    const promised = this.#promised(from, target, strengths);
    const before = this.#total(strengths);
    const noise = 1e-13 * (Math.abs(before) + this.#span);
    if (!(promised < noise)) return false;
    const taken = (to: Point, rate: number): boolean => {
      const there = this.#smooth.slope(to);
      if (!(this.#total(strengths, to, there) <= before + 1e-4 * rate * promised + noise)) {
        return false;
      }
      this.#moved = movement(from, to);
      // Differences of slopes that are rounding teach nothing.
      if (this.#moved > 1e-6) model.learn(from, slope, to, there);
      this.#at = to;
      this.#slope = there;
      return true;
    };
    if (taken(target, 1)) return true;
    for (let rate = 0.5; rate > 1e-10; rate /= 2) {
      if (taken(between(from, target, rate), rate)) return true;
    }
    return false;
  }

  /** The coordinates that break their bound where it stands, and those that are not 0; all where they are few. */
  #screened(strengths: Strengths): Int32Array {
    const { w } = this.#at;
    const { w: slopes } = this.#slope;
    const inside = new Uint8Array(w.length);
    for (let j = 0; j < w.length; j++) {
      const counts = w.length <= mostUnscreened || w[j] !== 0;
      if (counts || Math.abs(slopes[j]) >= strengths.l1[j]) inside[j] = 1;
    }
    return markedIn(inside);
  }

  #withOffenders(chosen: Int32Array, strengths: Strengths): Int32Array {
    const { w } = this.#at;
    if (chosen.length === w.length) return chosen;
    const inside = new Uint8Array(w.length);
    for (const j of chosen) inside[j] = 1;
    const { w: slopes } = this.#slope;
    for (let j = 0; j < w.length; j++) {
      if (Math.abs(slopes[j]) > strengths.l1[j] || w[j] !== 0) inside[j] = 1;
    }
    for (const { members, strength } of strengths.groups) {
      const list = Array.from(members);
      const counts = lengthOf(this.#slope.w, list) > strength || list.some((j) => w[j] !== 0);
      for (const j of list) inside[j] = counts ? 1 : 0;
    }
    const found = markedIn(inside);
    return sameList(found, chosen) ? chosen : found;
  }
}

/** Where a mark is 1. */
function markedIn(marks: Uint8Array): Int32Array {
  const found: number[] = [];
  for (let j = 0; j < marks.length; j++) if (marks[j] === 1) found.push(j);
  return Int32Array.from(found);
}

/** The largest change of a coordinate, as a share of the largest coordinate. */
function movement(from: Point, to: Point): number {
  let [most, largest] = [0, 0];
  for (let j = 0; j < to.w.length; j++) {
    most = Math.max(most, Math.abs(to.w[j] - from.w[j]));
    largest = Math.max(largest, Math.abs(to.w[j]));
  }
  return most === 0 ? 0 : most / largest;
}

function between(a: Point, b: Point, rate: number): Point {
  return {
    w: a.w.map((value, j) => value + rate * (b.w[j] - value)),
    b: a.b.map((value, k) => value + rate * (b.b[k] - value)),
  };
}

function sameList(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, k) => value === b[k]);
}
