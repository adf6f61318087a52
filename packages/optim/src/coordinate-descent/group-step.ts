import { addColumn, type Group, type Quadratic, type State } from './quadratic.ts';

/** A group's block of G + l2, taken apart: H = Q Λ Qᵀ. */
export interface Block {
  readonly group: Group;
  /** Columns of Q, one after the other. */
  readonly vectors: Float64Array;
  readonly values: Float64Array;
}

export function blockOf({ gram, l2 }: Quadratic, group: Group, size: number): Block {
  const { members } = group;
  const m = members.length;
  const h = new Float64Array(m * m);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < m; b++) h[a * m + b] = gram[members[a] * size + members[b]];
    h[a * m + a] += l2[members[a]];
  }
  const { values, vectors } = eigen(h, m);
  const least = 1e-14 * Math.max(0, ...values);
  return { group, vectors, values: values.map((value) => Math.max(value, least)) };
}

/**
 * The exact minimum over one group, the others fixed: 0 where ‖z‖ ≤ strength for z = H w − slope, else
 * v = (H + (strength/ρ) I)⁻¹ z with the ρ = ‖v‖ that makes this true (Qin, Scheinberg and Goldfarb, 2013).
 * Says whether anything moved.
 */
export function groupStep(
  { gram, l2 }: Quadratic,
  { w, slope }: State,
  { group: { members, strength }, values, vectors }: Block,
): boolean {
  const m = members.length;
  // In the coordinates of Q: a = Qᵀz, z = H w − (slope + l2 w).
  const a = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    let own = 0;
    let back = 0;
    for (let i = 0; i < m; i++) {
      const j = members[i];
      own += vectors[k * m + i] * w[j];
      back += vectors[k * m + i] * (slope[j] + l2[j] * w[j]);
    }
    a[k] = values[k] * own - back;
  }
  const rho = lengthOfMinimum(a, values, strength);
  let moved = false;
  for (let i = 0; i < m; i++) {
    let next = 0;
    for (let k = 0; k < m && rho > 0; k++) {
      next += (vectors[k * m + i] * a[k] * rho) / (values[k] * rho + strength);
    }
    const j = members[i];
    const change = next - w[j];
    if (change === 0) continue;
    moved = true;
    w[j] = next;
    addColumn(slope, gram, j, change);
  }
  return moved;
}

/** ρ with Σ (aₖ/(λₖρ + s))² = 1, 0 where there is none: Newton's method on 1/√Σ, kept in a bracket. */
function lengthOfMinimum(a: Float64Array, values: Float64Array, strength: number): number {
  let square = 0;
  for (const x of a) square += x * x;
  if (!(Math.sqrt(square) > strength)) return 0;
  let low = 0;
  let high = Infinity;
  let rho = 0;
  for (let round = 0; round < 60; round++) {
    let sum = 0;
    let slope = 0;
    for (let k = 0; k < a.length; k++) {
      const below = values[k] * rho + strength;
      const part = (a[k] / below) ** 2;
      sum += part;
      slope -= (2 * part * values[k]) / below;
    }
    if (sum > 1) low = rho;
    else high = rho;
    // 1/√sum grows with ρ and is close to a line: its Newton step to 1.
    let next = rho + ((1 - 1 / Math.sqrt(sum)) * 2 * sum ** 1.5) / -slope;
    if (!(next > low && next < high)) next = high === Infinity ? 2 * rho + 1 : (low + high) / 2;
    if (Math.abs(next - rho) <= 1e-16 * rho) return next;
    rho = next;
  }
  return rho;
}

/** Eigenvalues and vectors of a small symmetric matrix by Jacobi's rotations (Golub and Van Loan, 8.5). */
function eigen(a: Float64Array, m: number): { values: Float64Array; vectors: Float64Array } {
  const v = new Float64Array(m * m);
  for (let i = 0; i < m; i++) v[i * m + i] = 1;
  for (let round = 0; round < 60; round++) {
    let off = 0;
    for (let i = 0; i < m; i++) for (let j = 0; j < i; j++) off += a[i * m + j] ** 2;
    if (off === 0) break;
    for (let p = 0; p < m; p++) {
      for (let q = p + 1; q < m; q++) {
        const apq = a[p * m + q];
        const [app, aqq] = [a[p * m + p], a[q * m + q]];
        if (Math.abs(apq) <= 1e-17 * Math.sqrt(Math.abs(app * aqq))) {
          a[p * m + q] = 0;
          a[q * m + p] = 0;
          continue;
        }
        const tau = (aqq - app) / (2 * apq);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        const c = 1 / Math.sqrt(1 + t * t);
        const s = t * c;
        for (let k = 0; k < m; k++) {
          const [x, y] = [a[k * m + p], a[k * m + q]];
          a[k * m + p] = c * x - s * y;
          a[k * m + q] = s * x + c * y;
        }
        for (let k = 0; k < m; k++) {
          const [x, y] = [a[p * m + k], a[q * m + k]];
          a[p * m + k] = c * x - s * y;
          a[q * m + k] = s * x + c * y;
          const [f, g] = [v[p * m + k], v[q * m + k]];
          v[p * m + k] = c * f - s * g;
          v[q * m + k] = s * f + c * g;
        }
      }
    }
  }
  return { values: Float64Array.from({ length: m }, (_, i) => a[i * m + i]), vectors: v };
}
