import { valueAndGrad } from '@steepest/autodiff';
import fc from 'fast-check';
import { test } from 'vitest';
import { expectAgreement } from './agreement.ts';
import { madeOf, randomLosses } from './losses.ts';

test('compiled gradients of random losses are those of reverse mode', () => {
  fc.assert(
    fc.property(randomLosses([1, 2, 3, 64, 65, 129, 200, 1030]), (random) => {
      const { loss, parameters, batch } = madeOf(random);
      // Gradients are sums that may cancel: their terms are of size one.
      expectAgreement(valueAndGrad(loss), [parameters, batch], { tileRows: 64, scale: 10 });
    }),
    { numRuns: 150, seed: 20 },
  );
}, 30_000);
