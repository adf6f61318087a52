import { FlatMatrix, type Tree } from '@steepest/autodiff';
import { unflatten } from '../vectors.ts';

/** Why a least-squares run ended; only 'converged' means a minimum. */
export interface LeastSquaresEnd {
  readonly reason: 'converged' | 'noProgress' | 'rankDeficient' | 'stepLimit' | 'aborted';
  readonly message: string;
}

/** Fitted parameters, how sure they are, and how the run ended. Prints as a report. */
export interface LeastSquaresResult<P> extends LeastSquaresEnd {
  readonly params: P;
  readonly converged: boolean;
  /** r at params, as a column. */
  readonly residuals: FlatMatrix;
  readonly residualSumOfSquares: number;
  /** Residuals less parameters. */
  readonly degreesOfFreedom: number;
  /** √(Σr²/degrees of freedom); NaN without one. */
  readonly residualDeviation: number;
  /** s²(JᵀJ)⁻¹ over all entries of the parameters; undefined where J lacks rank or no freedom is left. */
  readonly covariance: FlatMatrix | undefined;
  /** Their square roots on the diagonal, in the structure of the parameters. */
  readonly standardErrors: P | undefined;
  /** How many combinations of the parameters the residuals determine. */
  readonly rank: number;
  readonly steps: number;
  readonly evaluations: {
    readonly residuals: number;
    readonly jacobians: number;
    /** Of ½Σr², where residuals stay large: none where they are small. */
    readonly hessians: number;
  };
  toString(): string;
}

interface Facts<P> {
  readonly end: LeastSquaresEnd;
  readonly params: P;
  readonly like: Tree;
  readonly residuals: Float64Array;
  readonly covariance: FlatMatrix | undefined;
  readonly rank: number;
  readonly count: number;
  readonly steps: number;
  readonly evaluations: number;
  readonly jacobians: number;
  readonly hessians: number;
}

export function resultOf<P>(facts: Facts<P>): LeastSquaresResult<P> {
  const { end, params, residuals, covariance, rank, count, steps, ...work } = facts;
  const { evaluations, jacobians, hessians } = work;
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  const freedom = residuals.length - count;
  const deviation = freedom > 0 ? Math.sqrt(squares / freedom) : Number.NaN;
  const errors =
    covariance &&
    Float64Array.from({ length: count }, (_, i) => Math.sqrt(covariance.data[i * count + i]));
  const converged = end.reason === 'converged';
  const text = [
    `${converged ? 'converged' : 'not converged'}: ${end.reason}, ${end.message}`,
    `  residual sum of squares  ${Number(squares.toPrecision(10))}`,
    `  residual deviation       ${Number(deviation.toPrecision(6))} on ${freedom} degrees of freedom`,
    `  work                     ${steps} steps, ${evaluations} residuals, ${jacobians} Jacobians`,
  ].join('\n');
  return {
    ...end,
    params,
    converged,
    residuals: new FlatMatrix(residuals.length, 1, residuals),
    residualSumOfSquares: squares,
    degreesOfFreedom: freedom,
    residualDeviation: deviation,
    covariance,
    standardErrors:
      errors && (unflatten(new FlatMatrix(count, 1, errors), facts.like) as unknown as P),
    rank,
    steps,
    evaluations: { residuals: evaluations, jacobians, hessians },
    toString: () => text,
  };
}
