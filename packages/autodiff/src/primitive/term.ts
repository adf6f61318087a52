import { FlatMatrix } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import { type OperationRecord, type Primitive, recordOf } from './primitive.ts';
import { Tracer } from './tracer.ts';

/** A symbolic value, as the rules that simplify see it: an input, or an operation on inputs. */
export abstract class Term extends Tracer {
  /** null: an input of the recorded function. */
  abstract readonly primitive: Primitive | null;
  abstract readonly inputs: readonly Value[];
}

/** Whether x holds numbers already; with `value`: whether every entry is that number. */
export function isConstant(x: Value, value?: number): x is FlatMatrix {
  if (!(x instanceof FlatMatrix)) return false;
  return value === undefined || (x.data.length > 0 && x.data.every((entry) => entry === value));
}

/** The number that fills a constant; undefined for all other values. */
export function uniform(x: Value): number | undefined {
  if (!(x instanceof FlatMatrix) || x.data.length === 0) return undefined;
  const first = x.data[0];
  for (let k = 1; k < x.data.length; k++) if (!Object.is(x.data[k], first)) return undefined;
  return first;
}

/** The inputs of x where a given operation made it, whatever its parameters. */
export function inputsOf(x: Value, made: OperationRecord): readonly Value[] | undefined {
  if (!(x instanceof Term) || x.primitive === null) return undefined;
  return recordOf(x.primitive) === made ? x.inputs : undefined;
}

/** c and y of c · y, where c is a constant; constants stand in front. */
export function constantAnd(x: Value, made: Primitive): readonly [FlatMatrix, Value] | undefined {
  const inputs = inputsOf(x, made);
  return inputs !== undefined && isConstant(inputs[0]) ? [inputs[0], inputs[1]] : undefined;
}

/** Whether an operation on x and y, entry by entry, has the shape of x. */
export function covers(x: Value, y: Value): boolean {
  return x.rows >= y.rows && x.columns >= y.columns;
}
