import { describe, expect, it } from 'vitest';
import { derivative, grad, naiveDerivative, record, sin, type Value } from '../src/index.ts';

const chain = (k: number) => (x: Value) => {
  for (let i = 0; i < k; i++) x = sin(x);
  return x;
};

const lengths = [10, 20, 40, 80];

describe('naiveDerivative', () => {
  it('has the value of the derivative', () => {
    for (const k of lengths) {
      const naive = naiveDerivative(chain(k))(1);
      expect(naive.evaluate(0.7).data[0]).toBeCloseTo(derivative(chain(k))(0.7), 14);
    }
  });

  it('writes the parts of a chain out again for every factor', () => {
    expect(naiveDerivative(chain(3))(1).toString()).toMatchInlineSnapshot(
      `"cos(x) * cos(sin(x)) * cos(sin(sin(x)))"`,
    );
  });

  it('takes (k + 1)k/2 + k − 1 operations for a chain of k functions, 3k − 2 with sharing', () => {
    for (const k of lengths) {
      const naive = naiveDerivative(chain(k))(1);
      expect(naive.operations).toBe(((k + 1) * k) / 2 + k - 1);
      expect(naive.shared.operations).toBe(3 * k - 2);
      expect(record(grad(chain(k)))(1).operations).toBe(3 * k - 2);
    }
  });

  it('runs as many operations as it says', () => {
    for (const k of lengths) {
      const { operations, shared } = naiveDerivative(chain(k))(1);
      expect(shared.evaluateNaively(0.7).operations).toBe(operations);
      expect(shared.evaluateNaively(0.7).value.data[0]).toBe(shared.evaluate(0.7).data[0]);
    }
  });
});
