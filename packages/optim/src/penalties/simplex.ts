import {
  abs,
  definePrimitive,
  div,
  FlatMatrix,
  greater,
  mul,
  relu,
  sign,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import { argument, positive, required } from '@steepest/ground';
import { constraint, type Penalty } from './penalty.ts';

/**
 * The constraint that a matrix's entries are ≥ 0 and add up to `total` (1 unless given). The projection is
 * max(xᵢ − θ, 0) with the θ that makes the sum right (Held, Wolfe & Crowder, 1974).
 *
 * ```ts
 * proximal(simplex()); // weights of a mixture
 * ```
 */
export function simplex(total = 1): Penalty {
  argument('simplex', 'total', total, required(positive()));
  const level = waterLevel(total);
  return constraint(`simplex(${total})`, (x) => relu(sub(x, level(x))));
}

/**
 * The constraint Σ|xᵢ| ≤ radius over a matrix (Duchi et al., 2008): soft thresholding by the θ ≥ 0 that
 * makes it hold.
 *
 * ```ts
 * proximal(l1Ball(2));
 * ```
 */
export function l1Ball(radius: number): Penalty {
  argument('l1Ball', 'radius', radius, required(positive()));
  const level = waterLevel(radius);
  return constraint(`l1Ball(${radius})`, (x) => {
    const size = abs(x);
    return mul(sign(x), relu(sub(size, relu(level(size)))));
  });
}

/** θ with Σ max(xᵢ − θ, 0) = total. dθ is the mean of dx over the entries above θ. */
function waterLevel(total: number): (x: Value) => Value {
  return definePrimitive({
    name: 'waterLevel',
    shape: () => [1, 1] as const,
    value: (x: FlatMatrix) => new FlatMatrix(1, 1, [levelOf(x.data, total)]),
    partials: [
      (level: Value, x: Value) => {
        const above = greater(x, level);
        const share = div(above, sum(above));
        return {
          push: (tangent: Value) => sum(mul(share, tangent)),
          pull: (cotangent: Value) => mul(share, cotangent),
        };
      },
    ],
  }) as (x: Value) => Value;
}

function levelOf(x: Float64Array, total: number): number {
  const sorted = x.slice().sort().reverse();
  let above = 0;
  let level = 0;
  for (let k = 0; k < sorted.length; k++) {
    above += sorted[k];
    const next = (above - total) / (k + 1);
    if (k > 0 && sorted[k] <= next) break;
    level = next;
  }
  return level;
}
