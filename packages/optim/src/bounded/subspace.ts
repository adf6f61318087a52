import { dotOf } from '../linear-algebra/columns.ts';
import { type Box, clamped, room } from './box.ts';
import type { CauchyPoint } from './cauchy-point.ts';
import type { CompactHessian } from './compact.ts';

/**
 * The minimizer of the quadratic model over the variables that are free at the Cauchy point, brought back
 * into the box: clamped where that still descends (Morales & Nocedal, 2011), else shortened (Byrd, Lu,
 * Nocedal & Zhu, 1995, section 5.1).
 */
export function subspaceMinimum(
  x: Float64Array,
  g: Float64Array,
  box: Box,
  hessian: CompactHessian,
  { x: cauchy, c }: CauchyPoint,
): Float64Array {
  const n = x.length;
  const free = new Uint8Array(n);
  for (let i = 0; i < n; i++)
    free[i] = cauchy[i] > box.lower[i] && cauchy[i] < box.upper[i] ? 1 : 0;
  const { theta } = hessian;
  const curved = hessian.expand(hessian.middle(c), n);
  const r = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (free[i] === 1) r[i] = g[i] + theta * (cauchy[i] - x[i]) - curved[i];
  }
  const v = hessian.solveFree(hessian.middle(hessian.project(r)), free);
  if (v === undefined) return cauchy;
  const spread = hessian.expand(v, n);
  const d = r.map((ri, i) => (free[i] === 1 ? -ri / theta - spread[i] / (theta * theta) : 0));
  const whole = clamped(
    cauchy.map((xi, i) => xi + d[i]),
    box,
  );
  const descends = dotOf(
    g,
    whole.map((xi, i) => xi - x[i]),
  );
  if (descends < 0) return whole;
  const share = Math.min(1, room(cauchy, d, box));
  return cauchy.map((xi, i) => xi + share * d[i]);
}
