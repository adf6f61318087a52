import type { Primitive } from '../primitive/primitive.ts';
import type { Shape } from '../values/shape.ts';

/** So many shapes are remembered: what a training loop uses, step after step. */
const most = 256;

/** The primitive for a shape, made when it is first asked for: a loop asks for the same ones again. */
export function ofShape(make: (shape: Shape) => Primitive): (shape: Shape) => Primitive {
  const known = new Map<number, Primitive>();
  return (shape) => {
    // Sizes below 2²⁶ share no key; NaN where there are no sizes, for which `make` throws.
    const sized = typeof shape?.[0] === 'number' && typeof shape[1] === 'number';
    const key = sized ? shape[0] * 2 ** 26 + shape[1] : Number.NaN;
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(shape);
    if (known.size >= most) known.clear();
    if (shape[0] < 2 ** 26 && shape[1] < 2 ** 26) known.set(key, made);
    return made;
  };
}
