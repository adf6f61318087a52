import { div, minimum, mul, norm } from '@steepest/autodiff';
import { argument, positive, required } from '@steepest/ground';
import { constraint, type Penalty } from './penalty.ts';

/**
 * The constraint ‖x‖₂ ≤ radius over a matrix; what lies outside is scaled back to the sphere.
 *
 * ```ts
 * proximal(l2Ball(10));
 * ```
 */
export function l2Ball(radius: number): Penalty {
  argument('l2Ball', 'radius', radius, required(positive()));
  return constraint(`l2Ball(${radius})`, (x) => {
    const length = norm(x);
    return mul(x, minimum(1, div(radius, length)));
  });
}
