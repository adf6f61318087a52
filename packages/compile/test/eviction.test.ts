import { add, definePrimitive, FlatMatrix, mul, sum, type Value } from '@steepest/autodiff';
import { expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import { expectClose, randomMatrix, reasonOf } from './agreement.ts';

test('a program that is let go while it runs keeps its memory until it has returned', () => {
  let inside: (() => void) | undefined;
  const through = definePrimitive({
    name: 'through',
    shape: (x) => [x.rows, x.columns],
    value: (x: FlatMatrix) => {
      const call = inside;
      inside = undefined;
      call?.();
      return new FlatMatrix(x.rows, x.columns, x.data);
    },
    partials: [null],
  });
  const f = (x: Value): Value => add(mul(x, through(mul(3, x))), sum(x));
  const compiled = compile(f, { programs: 2 });
  const x = randomMatrix(100, 3, 1);
  const expected = f(x);
  compiled(x);
  expect(reasonOf(compiled, [x])).toBeUndefined();
  inside = () => {
    // Each takes the place of a program, and the memory that was that program's.
    for (let rows = 90; rows < 110; rows++) {
      if (rows === 100) continue;
      const y = randomMatrix(rows, 3, rows);
      expectClose(compiled(y), f(y), 10);
    }
  };
  expectClose(compiled(x), expected, 10);
  expectClose(compiled(x), expected, 10);
});

test('a program called from within itself leaves that call to the function', () => {
  let depth = 0;
  const again = definePrimitive({
    name: 'again',
    shape: (x) => [x.rows, x.columns],
    value: (x: FlatMatrix) => (depth++ === 1 ? (compiled(x) as FlatMatrix) : x),
    partials: [null],
  });
  const f = (x: Value): Value => mul(2, again(mul(3, x)));
  const compiled = compile(f);
  const x = randomMatrix(5, 2, 1);
  compiled(x);
  depth = 1;
  expectClose(compiled(x), mul(36, x));
});
