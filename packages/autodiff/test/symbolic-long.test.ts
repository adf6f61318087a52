import { describe, expect, it } from 'vitest';
import { mul, record, sin, type Value } from '../src/index.ts';

describe('long expressions', () => {
  const repeated = (x: Value) => {
    for (let k = 0; k < 30; k++) x = mul(x, sin(x));
    return x;
  };

  it('are printed with names for what they repeat', () => {
    const text = record(repeated)(1).toString();
    expect(text.split('\n')).toHaveLength(30);
    expect(text.split('\n')[1]).toBe('let t2 = t1 * sin(t1)');
  });

  it('do not take names that inputs have', () => {
    const text = record(repeated, { names: ['t2'] })(1).toString();
    expect(text.split('\n').slice(0, 2)).toEqual([
      'let t1 = t2 * sin(t2)',
      'let t3 = t1 * sin(t1)',
    ]);
  });

  it('of a hundred thousand operations print', { timeout: 60_000 }, () => {
    const chain = (x: Value) => {
      for (let k = 0; k < 100_000; k++) x = sin(x);
      return x;
    };
    expect(record(chain)(1).toString().length).toBeLessThan(1e6);
  });
});
