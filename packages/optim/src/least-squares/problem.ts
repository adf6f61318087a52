import {
  DerivativeError,
  FlatMatrix,
  hessian,
  jacobian,
  leavesOf,
  mul,
  type Operand,
  square,
  sum,
  type Tree,
  toFlatMatrix,
  type Value,
} from '@steepest/autodiff';
import { refusal } from '@steepest/ground';
import { lengthOf } from '../linear-algebra/columns.ts';
import { unflatten } from '../vectors.ts';
import { type NewtonStep, newtonStep } from './newton-step.ts';
import { type Factored, factored, type RegionState } from './trust-region.ts';

/** The residuals as a function of a column of parameters, and how often they were asked for. */
export class Problem {
  evaluations = 0;
  jacobians = 0;
  hessians = 0;
  readonly #residuals: (params: unknown) => Operand;
  readonly #like: Tree;
  readonly #jacobian: (x: Tree) => unknown;
  #hessian: ((x: never) => Operand) | undefined;

  constructor(residuals: (params: unknown) => Operand, like: Tree) {
    this.#residuals = residuals;
    this.#like = like;
    this.#jacobian = jacobian(residuals as (x: Tree) => Value) as (x: Tree) => unknown;
  }

  residualsAt(x: Float64Array): Float64Array {
    this.evaluations++;
    const result = toFlatMatrix(this.#residuals(this.#shaped(x)), 'leastSquaresOf');
    const { data } = result;
    if (data.length >= x.length) return data.slice();
    throw refusal(
      'leastSquaresOf',
      `there must be at least as many residuals as the ${x.length} parameters`,
      data.length,
      'add data, or fix some parameters; return the residuals themselves, not their sum of squares',
    );
  }

  /** ‖r‖; Infinity where it is not a number: too far. */
  normAt(x: Float64Array): number {
    const norm = lengthOf(this.residualsAt(x));
    return Number.isNaN(norm) ? Infinity : norm;
  }

  factoredAt(x: Float64Array, residuals: Float64Array, state: RegionState): Factored {
    this.jacobians++;
    const n = x.length;
    const data = new Float64Array(residuals.length * n);
    let offset = 0;
    // One block of columns for each leaf of the parameters, side by side.
    for (const block of leavesOf(this.#jacobian(this.#shaped(x) as Tree) as Tree).map(({ leaf }) =>
      toFlatMatrix(leaf),
    )) {
      for (let i = 0; i < block.rows; i++)
        for (let j = 0; j < block.columns; j++)
          data[(offset + j) * block.rows + i] = block.data[i * block.columns + j];
      offset += block.columns;
    }
    return factored({ residuals, jacobian: { data, rows: residuals.length, columns: n } }, state);
  }

  /** The step by the whole Hessian of ½‖r‖², where it is positive definite. */
  newtonAt(x: Float64Array, { gradient, scale }: Factored): NewtonStep | undefined {
    this.#hessian ??= hessian((p: unknown) => mul(0.5, sum(square(this.#residuals(p)))));
    this.hessians++;
    try {
      const curvature = toFlatMatrix(this.#hessian(this.#shaped(x) as never));
      return newtonStep(curvature, gradient, scale);
    } catch (error) {
      // An operation without a second derivative: the first one has to do.
      if (error instanceof DerivativeError) return undefined;
      throw error;
    }
  }

  #shaped(x: Float64Array): unknown {
    return unflatten(new FlatMatrix(x.length, 1, x), this.#like);
  }
}
