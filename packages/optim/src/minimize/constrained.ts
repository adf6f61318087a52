import {
  type Argument,
  add,
  FlatMatrix,
  type GradientOf,
  mul,
  type Operand,
  relu,
  square,
  sub,
  sum,
  toFlatMatrix,
  type Value,
} from '@steepest/autodiff';
import {
  argument,
  callback,
  positive,
  required,
  type Spec,
  settle,
  signal,
  wholeNumber,
} from '@steepest/ground';
import { copyOf } from '../leaves.ts';
import { lbfgs } from '../steppers/lbfgs.ts';
import { minimize } from './minimize.ts';

/** What must hold, and how closely; functions return matrices of any shape. */
export interface Constraints<P> {
  /** c(x) = 0, entry by entry. */
  readonly equal?: ((x: P) => Operand) | undefined;
  /** d(x) ≤ 0, entry by entry. */
  readonly atMost?: ((x: P) => Operand) | undefined;
  /** How far an entry may be off, and how large ∇L may be (1e-8). */
  readonly tolerance?: number | undefined;
  /** The most rounds, each a minimization (50). */
  readonly rounds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const constraintsSpec = {
  equal: callback<(x: never) => Operand>('(x) => residuals'),
  atMost: callback<(x: never) => Operand>('(x) => what must be at most 0'),
  tolerance: positive(1e-8),
  rounds: wholeNumber(1, 50),
  signal: signal(),
} satisfies Spec<Constraints<never>>;

/** A constrained minimum and what proves it. Prints as a report. */
export interface ConstrainedResult<P> {
  readonly params: P;
  readonly value: number;
  /** Lagrange multipliers: ∇f + Σ λ∇c + Σ μ∇d = 0 with μ ≥ 0. */
  readonly multipliers: { readonly equal: FlatMatrix; readonly atMost: FlatMatrix };
  /** The largest |c|, and d where it is above 0 or its multiplier is (complementarity). */
  readonly violation: number;
  /** ‖∇L‖ at params. */
  readonly gradientNorm: number;
  /** Whether both are within the tolerance: the first-order (KKT) conditions hold. */
  readonly converged: boolean;
  readonly rounds: number;
  toString(): string;
}

/** By how much the violation must shrink in a round for the weight to stay. */
const enough = 0.25;
const growth = 10;
const mostWeight = 1e10;

/**
 * A minimum of f subject to c(x) = 0 and d(x) ≤ 0, by the augmented Lagrangian: L = f + λᵀc + (ρ/2)‖c‖² +
 * Σ(max(0, μ + ρd)² − μ²)/(2ρ) is minimized by L-BFGS, then λ ← λ + ρc, μ ← max(0, μ + ρd), and ρ grows
 * where the violation does not shrink (Nocedal & Wright, 2006, algorithm 17.4; Birgin & Martínez, 2014).
 *
 * Throws a TypeError where neither constraint is given, and whatever the functions throw.
 *
 * ```ts
 * const { params, multipliers } = await minimizeSubjectTo(f, x0, { equal: (x) => sub(sum(x), 1) });
 * ```
 */
export async function minimizeSubjectTo<P = Value, X extends Argument<P> = Argument<P>>(
  f: (x: P) => Operand,
  x0: X & Argument<P>,
  constraints: Constraints<P>,
): Promise<ConstrainedResult<GradientOf<X>>> {
  const operation = 'minimizeSubjectTo';
  argument(operation, 'f', f, required(callback('(x) => value')));
  const { equal, atMost, tolerance, rounds, signal } = settle(
    operation,
    constraints,
    constraintsSpec as never as Spec<Constraints<P>, 'tolerance' | 'rounds'>,
  );
  if (equal === undefined && atMost === undefined) {
    throw new TypeError(
      `${operation}: give a constraint, equal: (x) => c(x) or atMost: (x) => d(x); ` +
        'without one, minimize(f, x0) does it',
    );
  }
  const at = (x: unknown, g?: (x: P) => Operand) =>
    toFlatMatrix(g === undefined ? new FlatMatrix(0, 1) : g(x as P), operation);
  let params = copyOf(x0) as unknown as GradientOf<X>;
  let lambda = zerosOf(at(params, equal));
  let mu = zerosOf(at(params, atMost));
  let weight = firstWeight(
    Number(toFlatMatrix(f(params as P)).data[0]),
    at(params, equal),
    at(params, atMost),
  );
  let before = Infinity;
  let gap = 1;
  for (let round = 1; ; round++) {
    const [l, m, rho] = [lambda, mu, weight];
    const lagrangian = (x: P): Operand => {
      let value: Operand = f(x);
      if (equal !== undefined) {
        const c = equal(x);
        value = add(value, sum(mul(c, add(l, mul(rho / 2, c)))));
      }
      if (atMost !== undefined) {
        const pushed = relu(add(m, mul(rho, atMost(x))));
        value = add(value, mul(1 / (2 * rho), sum(sub(square(pushed), square(m)))));
      }
      return value;
    };
    gap = Math.max(tolerance, gap * 0.1);
    const inner = await minimize<P, X>(lagrangian, params as never, {
      method: lbfgs(),
      tolerance: gap,
      maxSteps: 2000,
      ...(signal && { signal }),
    });
    params = inner.params as GradientOf<X>;
    const c = at(params, equal);
    const d = at(params, atMost);
    lambda = updated(l, (i) => l.data[i] + rho * c.data[i]);
    mu = updated(m, (i) => Math.max(0, m.data[i] + rho * d.data[i]));
    // d counts where it is above 0, and where its multiplier says that it should be 0.
    const violation = Math.max(
      largest(c.data),
      largest(d.data.map((x, i) => Math.max(x, -m.data[i] / rho))),
    );
    const done = violation <= tolerance && inner.gradientNorm <= tolerance;
    if (done || round === rounds || signal?.aborted) {
      const value = Number(toFlatMatrix(f(params as P)).data[0]);
      return resultOf({
        params,
        value,
        multipliers: { equal: lambda, atMost: mu },
        violation,
        gradientNorm: inner.gradientNorm,
        converged: done,
        rounds: round,
      });
    }
    if (violation > enough * before) weight = Math.min(weight * growth, mostWeight);
    before = violation;
  }
}

/** A weight that makes the penalty as large as the objective (Birgin & Martínez, 2014, (12.1)). */
function firstWeight(value: number, c: FlatMatrix, d: FlatMatrix): number {
  let squares = 0;
  for (const x of c.data) squares += x * x;
  for (const x of d.data) squares += Math.max(0, x) ** 2;
  return Math.min(Math.max(1e-3, (2 * Math.max(1, Math.abs(value))) / Math.max(1e-6, squares)), 10);
}

function zerosOf({ rows, columns }: FlatMatrix): FlatMatrix {
  return new FlatMatrix(rows, columns);
}

function updated({ rows, columns, data }: FlatMatrix, entry: (i: number) => number): FlatMatrix {
  return new FlatMatrix(
    rows,
    columns,
    data.map((_, i) => entry(i)),
  );
}

function largest(x: Float64Array): number {
  return x.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
}

function resultOf<P>(facts: Omit<ConstrainedResult<P>, 'toString'>): ConstrainedResult<P> {
  const { converged, rounds, value, violation, gradientNorm } = facts;
  const text =
    `${converged ? 'converged' : 'not converged'} after ${rounds} rounds\n` +
    `  value          ${value}\n` +
    `  violation      ${violation.toExponential(2)}\n` +
    `  gradient norm  ${gradientNorm.toExponential(2)}, of the Lagrangian`;
  return { ...facts, toString: () => text };
}
