import { dotOf } from '../linear-algebra/columns.ts';
import type { Box } from './box.ts';
import type { CompactHessian } from './compact.ts';

/** The generalized Cauchy point, and Wᵀ of the way to it. */
export interface CauchyPoint {
  readonly x: Float64Array;
  readonly c: Float64Array;
}

/**
 * The first minimizer of the quadratic model along the steepest descent bent at the bounds (Byrd, Lu,
 * Nocedal & Zhu, *A limited memory algorithm for bound constrained optimization*, 1995, algorithm CP).
 */
export function cauchyPoint(
  x: Float64Array,
  g: Float64Array,
  box: Box,
  hessian: CompactHessian,
): CauchyPoint {
  const n = x.length;
  const bends = new Float64Array(n).fill(Infinity);
  const d = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (g[i] < 0) bends[i] = (x[i] - box.upper[i]) / g[i];
    else if (g[i] > 0) bends[i] = (x[i] - box.lower[i]) / g[i];
    d[i] = bends[i] > 0 ? -g[i] : 0;
  }
  const order = Array.from({ length: n }, (_, i) => i)
    .filter((i) => bends[i] > 0 && bends[i] < Infinity)
    .sort((a, b) => bends[a] - bends[b]);
  const { theta } = hessian;
  const point = x.slice();
  const c = new Float64Array(hessian.size);
  const p = hessian.project(d);
  let slope = -dotOf(d, d);
  if (slope === 0) return { x: point, c };
  let bend = -theta * slope - dotOf(p, hessian.middle(p));
  const least = Number.EPSILON * Math.abs(bend);
  let best = -slope / bend;
  let passed = 0;
  for (const b of order) {
    const way = bends[b] - passed;
    if (best < way) break;
    // Variable b reaches its bound and stays there.
    point[b] = d[b] > 0 ? box.upper[b] : box.lower[b];
    const z = point[b] - x[b];
    for (let k = 0; k < c.length; k++) c[k] += way * p[k];
    const w = hessian.row(b);
    const mw = hessian.middle(w);
    const gb = g[b];
    slope += way * bend + gb * gb + theta * gb * z - gb * dotOf(mw, c);
    bend -= theta * gb * gb + 2 * gb * dotOf(mw, p) + gb * gb * dotOf(mw, w);
    bend = Math.max(bend, least);
    for (let k = 0; k < p.length; k++) p[k] += gb * w[k];
    d[b] = 0;
    passed = bends[b];
    best = slope < 0 ? -slope / bend : 0;
  }
  const rest = Math.max(0, best);
  for (let i = 0; i < n; i++) if (d[i] !== 0) point[i] = x[i] + (passed + rest) * d[i];
  for (let k = 0; k < c.length; k++) c[k] += rest * p[k];
  return { x: point, c };
}
