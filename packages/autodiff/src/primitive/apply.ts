import { FlatMatrix } from '../values/flat-matrix.ts';
import { describe, lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import type { Primitive } from './primitive.ts';
import { Tracer } from './tracer.ts';
import { watching } from './watch.ts';

/**
 * Applies a primitive: the only way from operations to values. The highest-level tracer among the
 * inputs decides what happens; without one, the primitive computes its value.
 */
export function apply(primitive: Primitive, ...operands: Operand[]): Value {
  let top: Tracer | undefined;
  for (let i = 0; i < operands.length; i++) {
    let x = operands[i];
    if (!(x instanceof FlatMatrix)) {
      x = lift(x, primitive.name);
      operands[i] = x;
      if (x instanceof Tracer && (top === undefined || x.level > top.level)) top = x;
    }
  }
  if (top !== undefined) return top.trace(primitive, operands as Value[]);
  return evaluate(primitive, operands as FlatMatrix[]);
}

function evaluate(primitive: Primitive, inputs: FlatMatrix[]): FlatMatrix {
  primitive.shape(...inputs);
  const result: unknown = primitive.value(...inputs);
  if (!(result instanceof FlatMatrix)) {
    throw new TypeError(
      `${primitive.name}: its value must be a FlatMatrix, it is ${describe(result)}`,
    );
  }
  if (watching.current !== undefined) watching.current.evaluated(primitive, inputs, result);
  return result;
}
