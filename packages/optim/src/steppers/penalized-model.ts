import { dotOf } from '../linear-algebra/columns.ts';
import type { Penalty } from '../penalties/penalty.ts';

/** gᵀ(v − x) + ½ (v − x)ᵀH(v − x) + h(v): what a proximal Newton step minimizes over v. */
export interface Model {
  /** Row by row, symmetric. */
  readonly hessian: Float64Array;
  readonly gradient: Float64Array;
  readonly x: Float64Array;
  readonly penalty: Penalty;
  /** 1 for entries that are penalized. */
  readonly penalized: Uint8Array;
  /** The penalty's proximal operator over all entries, those without a penalty left as they are. */
  prox(v: Float64Array, step: number): Float64Array;
}

const mostSweeps = 2000;

/** The v that minimizes the model, up to a change of 1e-14 of its size. */
export function modelMinimum(model: Model): Float64Array {
  const hessian = madePositive(model.hessian, model.x.length);
  const { entry } = model.penalty;
  return entry === undefined
    ? byGradients({ ...model, hessian })
    : byCoordinates({ ...model, hessian }, entry);
}

/** H, or H + τI with a τ that makes it positive definite (Nocedal and Wright, 2006, algorithm 3.3). */
function madePositive(h: Float64Array, n: number): Float64Array {
  let most = 0;
  let least = Infinity;
  for (let i = 0; i < n; i++) {
    most = Math.max(most, Math.abs(h[i * n + i]));
    least = Math.min(least, h[i * n + i]);
  }
  const small = 1e-3 * most || 1e-3;
  let shift = least > 0 ? 0 : small - least;
  for (;;) {
    const shifted = h.slice();
    for (let i = 0; i < n; i++) shifted[i * n + i] += shift + 1e-14 * most;
    if (isPositive(shifted.slice(), n)) return shifted;
    shift = Math.max(2 * shift, small);
  }
}

/** Whether Cholesky's method goes through; works in its argument. */
function isPositive(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    let pivot = a[j * n + j];
    for (let k = 0; k < j; k++) pivot -= a[j * n + k] ** 2;
    if (!(pivot > 0)) return !(pivot < 0) && Number.isNaN(pivot);
    a[j * n + j] = Math.sqrt(pivot);
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = sum / a[j * n + j];
    }
  }
  return true;
}

/** Coordinate descent: each entry to its own minimum, prox(vⱼ − rⱼ/Hⱼⱼ) with step 1/Hⱼⱼ. */
function byCoordinates(
  { hessian, gradient, x, penalized }: Model,
  entry: (x: number, step: number) => number,
): Float64Array {
  const n = x.length;
  const v = x.slice();
  const slope = gradient.slice();
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let change = 0;
    let size = 0;
    for (let j = 0; j < n; j++) {
      const own = hessian[j * n + j];
      const moved = v[j] - slope[j] / own;
      const next = penalized[j] === 1 ? entry(moved, 1 / own) : moved;
      const step = next - v[j];
      size += own * next * next;
      if (step === 0) continue;
      change += own * step * step;
      v[j] = next;
      for (let i = 0; i < n; i++) slope[i] += step * hessian[j * n + i];
    }
    if (change <= 1e-28 * size) break;
  }
  return v;
}

/** FISTA with restart (see `fista`) on the model, with step 1/L for an L that bounds H's largest eigenvalue. */
function byGradients({ hessian, gradient, x, prox }: Model): Float64Array {
  const n = x.length;
  const row = (i: number) => hessian.subarray(i * n, (i + 1) * n);
  let bound = 0;
  for (let i = 0; i < n; i++) {
    bound = Math.max(
      bound,
      row(i).reduce((sum, hij) => sum + Math.abs(hij), 0),
    );
  }
  let v: Float64Array = x.slice();
  let y = v;
  let t = 1;
  for (let round = 0; round < 10 * mostSweeps; round++) {
    const away = y.map((yi, i) => yi - x[i]);
    const next = prox(
      y.map((yi, i) => yi - (gradient[i] + dotOf(row(i), away)) / bound),
      1 / bound,
    );
    const moved = next.map((ni, i) => ni - v[i]);
    const uphill = dotOf(
      y.map((yi, i) => yi - next[i]),
      moved,
    );
    const following = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * t * t)) / 2;
    const share = uphill > 0 ? 0 : (t - 1) / following;
    y = next.map((ni, i) => ni + share * moved[i]);
    t = following;
    v = next;
    if (dotOf(moved, moved) <= 1e-30 * dotOf(next, next)) break;
  }
  return v;
}
