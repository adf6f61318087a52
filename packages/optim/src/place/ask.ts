import type { FlatMatrix } from '@steepest/autodiff';

/** A question to a place: the value, and what else beside it. */
export interface Ask<P> {
  /** The batch of this step, or all data: the objective itself. */
  readonly over: 'batch' | 'all';
  readonly gradient?: true | undefined;
  /** The Hessian (N×N over all entries of all leaves), or its Gauss–Newton part. */
  readonly curvature?: true | 'gaussNewton' | undefined;
  /** A direction: the Hessian times it, without the Hessian. */
  readonly along?: P | undefined;
}

/** The answer: the value always, the rest where it was asked for. */
export interface Answer<P> {
  readonly value: number;
  readonly gradient?: P | undefined;
  readonly curvature?: FlatMatrix | undefined;
  readonly along?: P | undefined;
}
