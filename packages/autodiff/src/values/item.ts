import { Tracer } from '../primitive/tracer.ts';
import type { FlatMatrix } from './flat-matrix.ts';
import { lift } from './lift.ts';
import type { Operand } from './operand.ts';
import { formatShape, ShapeError } from './shape.ts';

/**
 * The number in a 1×1 value, for an `if` or a loop; nothing is differentiated through it. Throws
 * for larger values, and for symbolic ones, which have no number yet.
 *
 * ```ts
 * if (item(loss) < 1e-6) return;
 * ```
 */
export function item(x: Operand): number {
  const value = concrete(x);
  if (value.rows === 1 && value.columns === 1) return value.data[0];
  throw new ShapeError(
    `item: needs a 1×1 value, got ${formatShape(value)}; take sum(x) or mean(x), or one entry by ` +
      'slice(x, [i, i + 1], [j, j + 1])',
  );
}

/** The numbers behind a value, without any derivative. Throws for symbolic values. */
export function concrete(x: Operand): FlatMatrix {
  let value = lift(x, 'item');
  while (value instanceof Tracer) value = value.lower();
  return value as FlatMatrix;
}
