import type { FlatMatrix } from '@steepest/autodiff';
import { dotOf } from '../linear-algebra/columns.ts';

/** A step to the minimum of the quadratic model of ½‖r‖², and by how much the model falls there. */
export interface NewtonStep {
  readonly step: Float64Array;
  /** gᵀH⁻¹g. */
  readonly promised: number;
}

/** A pivot of the scaled Hessian below this share of the largest is none: the rest may be rounding. */
const smallestPivot = 1e-14;

/** What a full Newton step must gain, as a share of what it promises. */
const fairPart = 0.25;

/**
 * −H⁻¹g with H the Hessian of ½‖r‖² = JᵀJ + Σ rᵢ∇²rᵢ and g = Jᵀr, by Cholesky's factors of D⁻¹HD⁻¹;
 * undefined unless H is positive definite. Beside large residuals Gauss and Newton's JᵀJ is a wrong model,
 * with which steps shrink slowly or not at all; with H they do at second order (Dennis, Gay & Welsch, *An
 * adaptive nonlinear least-squares algorithm*, 1981).
 */
export function newtonStep(
  hessian: FlatMatrix,
  gradient: Float64Array,
  scale: Float64Array,
): NewtonStep | undefined {
  const n = gradient.length;
  const l = hessian.data.map((h, k) => h / (scale[Math.floor(k / n)] * scale[k % n]));
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, l[i * n + i]);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = l[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i > j) l[i * n + j] = sum / l[j * n + j];
      else if (sum > smallestPivot * largest) l[j * n + j] = Math.sqrt(sum);
      else return undefined;
    }
  }
  const z = gradient.map((g, i) => g / scale[i]);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) z[i] -= l[i * n + k] * z[k];
    z[i] /= l[i * n + i];
  }
  const promised = dotOf(z, z);
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) z[i] -= l[k * n + i] * z[k];
    z[i] /= l[i * n + i];
  }
  return { step: z.map((zi, i) => -zi / scale[i]), promised };
}

/** Whether a full step lowers ‖r‖² by a fair part of what it promises. */
export function lowers(
  { step, promised }: NewtonStep,
  norm: number,
  at: (change: Float64Array) => number,
): boolean {
  const after = at(step);
  return after < norm && (norm - after) * (norm + after) >= fairPart * promised;
}
