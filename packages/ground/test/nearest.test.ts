import { expect, it } from 'vitest';
import { nearest } from '../src/index.ts';

it('puts the closest name first and leaves out names that have nothing in common', () => {
  expect(nearest('ratee', ['decay', 'rate', 'rates'])).toEqual(['rate', 'rates']);
  expect(nearest('xyzzy', ['decay', 'rate'])).toEqual([]);
});
