import { describe, expect, it } from 'vitest';
import { casesIn, testCases } from './reference.ts';

describe('the reference cases', () => {
  const cases = casesIn('autodiff.json');
  const notOffered = testCases(cases);

  it('are all offered but for those with three dimensions', () => {
    const threeDimensional = cases.filter(({ inputs }) =>
      Object.values(inputs).some(({ shape }) => shape.length > 2),
    );
    expect([...notOffered]).toEqual(threeDimensional.map(({ id }) => id));
  });
});

describe('further cases, computed in many digits', () => {
  testCases(casesIn('data/more.json'));
});
