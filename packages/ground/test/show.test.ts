import { expect, it } from 'vitest';
import { show } from '../src/index.ts';

class Point {}
function adam(): void {}
const broken = new Proxy(
  {},
  {
    getPrototypeOf: () => {
      throw new Error('no');
    },
  },
);

it.each([
  ['a\nb', '"a\\nb"'],
  ['x'.repeat(100), `"${'x'.repeat(59)}…"`],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [3n, 'the bigint 3'],
  [Symbol('s'), 'Symbol(s)'],
  [null, 'null'],
  [adam, 'the function adam'],
  [Point, 'the class Point'],
  [new Point(), 'an object of Point'],
  [Object.create(null), 'an empty object'],
  [{ a: 1, b: 2 }, 'an object with a, b'],
  [[1, 2, 3], 'an array of 3'],
  [Promise.resolve(1), 'a promise (await it)'],
])('shows %s as %s', (value, text) => {
  expect(show(value)).toBe(text);
});

it('never throws', () => {
  expect(show(broken)).toBe('an object that cannot be read');
});
