import type { Binary, ElementwiseDefinition } from '../primitive/definition.ts';
import { binding, infix } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { columns } from './samples.ts';

/** A question about entries: 1 for yes, 0 for no, and no derivative. */
function comparison(
  name: string,
  [text, latex]: readonly [string, string],
  holds: (a: number, b: number) => boolean,
): ElementwiseDefinition<[number, number]> {
  return {
    name,
    print: infix(text, latex, binding.comparison),
    entry: (a, b) => (holds(a, b) ? 1 : 0),
    slopes: [null, null],
    samples: [columns([0.5, -2, 1], [0.7, -3, 0.2])],
  };
}

/** 1 where a > b, else 0; not differentiable. `where(greater(x, 0), a, b)` */
export const greater: Binary = op(comparison('greater', ['>', '>'], (a, b) => a > b));

/** 1 where a ≥ b, else 0; not differentiable. `greaterEqual(x, 0)` */
export const greaterEqual: Binary = op(
  comparison('greaterEqual', ['>=', '\\ge'], (a, b) => a >= b),
);

/** 1 where a < b, else 0; not differentiable. `less(x, 0)` */
export const less: Binary = op(comparison('less', ['<', '<'], (a, b) => a < b));

/** 1 where a ≤ b, else 0; not differentiable. `lessEqual(x, 0)` */
export const lessEqual: Binary = op(comparison('lessEqual', ['<=', '\\le'], (a, b) => a <= b));

/** 1 where a = b, else 0; not differentiable. `mean(equal(predicted, y))` */
export const equal: Binary = op(comparison('equal', ['=', '='], (a, b) => a === b));
