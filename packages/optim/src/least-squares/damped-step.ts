import { lengthOf } from '../linear-algebra/columns.ts';
import { type PivotedQr, solveR } from '../linear-algebra/pivoted-qr.ts';

/** A step within a trust region, and the multiplier λ that holds it there (0: the region is wide). */
export interface DampedStep {
  readonly step: Float64Array;
  readonly damping: number;
  /** ‖D step‖. */
  readonly length: number;
}

/** A step this much longer or shorter than the radius will do. */
const tolerance = 0.1;

/**
 * The step p that minimizes ‖J p + r‖ over ‖D p‖ ≤ radius: (JᵀJ + λ D²) p = −Jᵀr with a λ ≥ 0 that is
 * found by Newton's method on 1/‖D p(λ)‖ − 1/radius, in a few factorizations of [R; √λ D] (Moré, *The
 * Levenberg–Marquardt algorithm: implementation and theory*, 1978).
 *
 * `qr` factors J (m×n), `c` is the first n entries of Qᵀr, `scale` the diagonal of D, in J's order.
 */
export function dampedStep(
  qr: PivotedQr,
  c: Float64Array,
  scale: Float64Array,
  radius: number,
  guess: number,
): DampedStep {
  const n = qr.columns;
  const full = gaussNewtonStep(qr, c);
  const fullLength = scaledLength(full, scale);
  if (fullLength <= (1 + tolerance) * radius) return { step: full, damping: 0, length: fullLength };
  const slopes = gradientOf(qr, c, scale);
  const gradient = lengthOf(slopes);
  let upper = gradient / radius;
  let lower = 0;
  if (qr.rank === n) lower = secularStep(qr, full, scale, fullLength, radius, 0, undefined);
  let damping = Math.min(Math.max(guess, lower), upper);
  if (damping === 0) damping = gradient / fullLength || Number.MIN_VALUE;
  for (let trial = 0; ; trial++) {
    const damped = solveDamped(qr, c, scale, damping);
    const step = damped.solution.map((x) => -x);
    const length = scaledLength(step, scale);
    const close = Math.abs(length - radius) <= tolerance * radius;
    if (close || trial === 12 || !(length > 0)) return { step, damping, length };
    if (length > radius) lower = Math.max(lower, damping);
    else upper = Math.min(upper, damping);
    const next = secularStep(qr, step, scale, length, radius, damping, damped);
    damping =
      next > lower && next < upper ? next : Math.max(Math.sqrt(lower * upper), 1e-3 * upper);
  }
}

/** −J⁺r, in the leading columns where J lacks rank. */
export function gaussNewtonStep(qr: PivotedQr, c: Float64Array): Float64Array {
  const step = new Float64Array(qr.columns);
  solveR(qr, c).forEach((x, k) => {
    step[qr.pivots[k]] = -x;
  });
  return step;
}

/** ‖D x‖. */
export function scaledLength(x: Float64Array, scale: Float64Array): number {
  return lengthOf(x.map((xi, i) => xi * scale[i]));
}

/** D⁻¹Jᵀr = D⁻¹P Rᵀc. */
function gradientOf(qr: PivotedQr, c: Float64Array, scale: Float64Array): Float64Array {
  const slopes = new Float64Array(qr.columns);
  for (let k = 0; k < qr.columns; k++) {
    let sum = entryOfR(qr, k, k) * (c[k] ?? 0);
    for (let i = 0; i < Math.min(k, qr.rows); i++) sum += entryOfR(qr, i, k) * c[i];
    slopes[qr.pivots[k]] = sum / scale[qr.pivots[k]];
  }
  return slopes;
}

interface Damped {
  readonly solution: Float64Array;
  /** The triangle S of [R; √λ D P] = Q S, row by row. */
  readonly triangle: Float64Array;
}

/** Solves min ‖R z − c‖² + λ‖D P z‖² by Givens rotations that fold √λ D into R, row by row. */
function solveDamped(qr: PivotedQr, c: Float64Array, scale: Float64Array, damping: number): Damped {
  const n = qr.columns;
  const s = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let i = 0; i < Math.min(n, qr.rows); i++) {
    for (let k = i; k < n; k++) s[i * n + k] = entryOfR(qr, i, k);
    right[i] = c[i];
  }
  const root = Math.sqrt(damping);
  const row = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    row.fill(0);
    row[j] = root * scale[qr.pivots[j]];
    let rest = 0;
    for (let k = j; k < n; k++) {
      if (row[k] === 0) continue;
      const a = s[k * n + k];
      const length = Math.hypot(a, row[k]);
      const cosine = a / length;
      const sine = row[k] / length;
      for (let l = k; l < n; l++) {
        const upper = s[k * n + l];
        s[k * n + l] = cosine * upper + sine * row[l];
        row[l] = cosine * row[l] - sine * upper;
      }
      const upper = right[k];
      right[k] = cosine * upper + sine * rest;
      rest = cosine * rest - sine * upper;
    }
  }
  const z = right;
  for (let k = n - 1; k >= 0; k--) {
    z[k] = s[k * n + k] === 0 ? 0 : z[k] / s[k * n + k];
    for (let i = 0; i < k; i++) z[i] -= s[i * n + k] * z[k];
  }
  const solution = new Float64Array(n);
  for (let k = 0; k < n; k++) solution[qr.pivots[k]] = z[k];
  return { solution, triangle: s };
}

/**
 * Newton's next λ on 1/‖D p(λ)‖ = 1/radius: λ + ((‖D p‖ − radius)/radius) ‖D p‖² / ‖S⁻ᵀPᵀD²p‖², which
 * is a lower bound of the root where it starts from 0.
 */
function secularStep(
  qr: PivotedQr,
  step: Float64Array,
  scale: Float64Array,
  length: number,
  radius: number,
  damping: number,
  damped: Damped | undefined,
): number {
  const n = qr.columns;
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const j = qr.pivots[k];
    w[k] = (scale[j] * scale[j] * step[j]) / length;
  }
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < k; i++) w[k] -= (damped?.triangle[i * n + k] ?? entryOfR(qr, i, k)) * w[i];
    w[k] /= damped?.triangle[k * n + k] ?? entryOfR(qr, k, k);
  }
  const bend = lengthOf(w);
  return damping + (length - radius) / radius / (bend * bend);
}

function entryOfR(qr: PivotedQr, i: number, k: number): number {
  return i === k ? (qr.diagonal[k] ?? 0) : qr.data[k * qr.rows + i];
}
