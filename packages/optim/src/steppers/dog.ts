import {
  add,
  div,
  maximum,
  mul,
  neg,
  type Operand,
  sqrt,
  sub,
  type Tree,
} from '@steepest/autodiff';
import { positive, type Spec, settle } from '@steepest/ground';
import { copyOf } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { each } from './each.ts';
import { euclideanNorm, innerProduct } from './tree-sums.ts';

/** The start, how far from it the run has come, and Σ‖g‖² so far. */
export interface DogState {
  readonly start: Tree;
  readonly furthest: number;
  readonly squares: number;
  readonly rate: number;
}

export interface DogSettings {
  /** The first step's length as a share of 1 + ‖x₀‖ (1e-6): anything small will do. */
  readonly first?: number | undefined;
}

const dogSpec = { first: positive(1e-6) } satisfies Spec<DogSettings>;

/**
 * Distance over gradients: η = max ‖xᵢ − x₀‖ / √(Σ‖gᵢ‖²), SGD without a learning rate (Ivgi, Hinder &
 * Carmon, *DoG is SGD's best friend*, 2023). Put `exponentialAverage` or `polyakAverage` behind it for the
 * averages that its theory is about.
 *
 * ```ts
 * train({ loss, params, data, optimizer: dog(), epochs: 20 });
 * ```
 */
export function dog(settings: DogSettings = {}): Stepper<DogState> {
  const { first } = settle('dog', settings, dogSpec);
  return {
    name: 'dog',
    settings: () => ({ first }),
    init: (params) => ({ start: copyOf(params), furthest: 0, squares: 0, rate: 0 }),
    update(gradient, { start, furthest, squares }, params) {
      const least = mul(first, add(1, euclideanNorm(start)));
      const moved = euclideanNorm(each(sub, params, start));
      const reach = maximum(maximum(furthest, moved), least);
      const total = add(squares, innerProduct(gradient, gradient));
      // The smallest number keeps 0/0 away where the first gradient vanishes.
      const rate = div(reach, sqrt(add(total, Number.MIN_VALUE)));
      const change = each((g: Operand) => mul(neg(rate), g), gradient);
      return [change, { start, furthest: reach, squares: total, rate }];
    },
    metric: (state) => state.rate,
    learningRate: (state) => state.rate,
  };
}
