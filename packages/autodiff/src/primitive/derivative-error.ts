import type { Primitive } from './primitive.ts';

/** A derivative was asked for that does not exist or can no longer be computed. */
export class DerivativeError extends Error {
  override name = 'DerivativeError';
}

export function notDifferentiable(mode: string, primitive: Primitive): DerivativeError {
  return new DerivativeError(
    `${mode}: ${primitive.name} has no derivative, and the result depends on x through it; ` +
      'use stopGradient(x) where x is to count as a constant, or where(condition, a, b) to choose',
  );
}
