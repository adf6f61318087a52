import { type F64, f64x2, type I32, type Local, type ModuleBuilder, v128 } from '@steepest/wasm';
import type { Arithmetic } from './arithmetic.ts';
import { mapEntries } from './map.ts';

/**
 * The updates of the optimizers on flat arrays, each in the order of operations of the steppers of
 * @steepest/optim, so that parameters agree bit for bit (without relaxed arithmetic).
 */
export function defineUpdates(module: ModuleBuilder, arithmetic: Arithmetic): void {
  const { madd, nmadd } = arithmetic;
  const twice = (number: Local<F64>) => f64x2.splat(number);

  // w ← w − rate · g
  module.define(
    'sgdStep',
    { w: 'i32', g: 'i32', count: 'i32', rate: 'f64' },
    ({ w, g, count, rate }, f) =>
      mapEntries(f, arithmetic, [w, g], [w], count, (b, weight, slope) => [
        nmadd(b.once(twice(rate)), slope, weight),
      ]),
  );

  // v ← decay · v + g, w ← w − rate · v
  module.define(
    'momentumStep',
    { w: 'i32', v: 'i32', g: 'i32', count: 'i32', rate: 'f64', decay: 'f64' },
    ({ w, v, g, count, rate, decay }, f) => {
      const pointers: Local<I32>[] = [w, v, g];
      return mapEntries(f, arithmetic, pointers, [w, v], count, (b, weight, velocity, slope) => {
        const next = b.let(madd(b.once(twice(decay)), velocity, slope));
        return [nmadd(b.once(twice(rate)), next, weight), next];
      });
    },
  );

  // m ← b₁m + (1 − b₁)g, s ← b₂s + (1 − b₂)g², w ← w − rate · (m/c₁)/(√s/root + ε), and where
  // m = 0 nothing moves; c₁ = 1 − b₁ᵗ, root = √(1 − b₂ᵗ)
  module.define(
    'adamStep',
    {
      w: 'i32',
      m: 'i32',
      s: 'i32',
      g: 'i32',
      count: 'i32',
      rate: 'f64',
      b1: 'f64',
      b2: 'f64',
      epsilon: 'f64',
      c1: 'f64',
      root: 'f64',
    },
    ({ w, m, s, g, count, rate, b1, b2, epsilon, c1, root }, f) =>
      mapEntries(
        f,
        arithmetic,
        [w, m, s, g],
        [w, m, s],
        count,
        (b, weight, first, second, slope) => {
          const scalar = (number: Local<F64>) => b.once(twice(number));
          const one = b.constant(1);
          const share1 = b.once(f64x2.sub(one, scalar(b1)));
          const share2 = b.once(f64x2.sub(one, scalar(b2)));
          const mean = b.let(madd(scalar(b1), first, f64x2.mul(share1, slope)));
          const square = f64x2.mul(share2, f64x2.mul(slope, slope));
          const variance = b.let(madd(scalar(b2), second, square));
          const size = f64x2.add(f64x2.div(f64x2.sqrt(variance), scalar(root)), scalar(epsilon));
          const ratio = f64x2.div(f64x2.div(mean, scalar(c1)), size);
          const direction = v128.andnot(ratio, f64x2.eq(mean, b.constant(0)));
          return [nmadd(scalar(rate), direction, weight), mean, variance];
        },
      ),
  );
}
