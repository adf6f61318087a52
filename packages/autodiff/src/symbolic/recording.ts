import { stretchTo } from '../ops/broadcast.ts';
import { type OperationRecord, type Primitive, recordOf } from '../primitive/primitive.ts';
import { newLevel } from '../primitive/tracer.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import type { Sized } from '../values/shape.ts';
import { Expression, type Recorder } from './expression.ts';
import { type Simplify, simpler } from './rewrite.ts';

/** Constants with more entries than this are shared by identity, smaller ones by value. */
const smallConstant = 16;

/** The expressions of one recorded run; equal operations on equal inputs are one expression. */
export class Recording implements Recorder {
  readonly level: number = newLevel();
  ended = false;
  readonly #simplify: Simplify;
  readonly #operations = new Map<string, Expression>();
  readonly #primitives = new Map<OperationRecord | string, number>();
  readonly #numbers = new Map<Value, number>();
  readonly #constants = new Map<string, FlatMatrix>();
  #count = 0;

  constructor(simplify: Simplify) {
    this.#simplify = simplify;
  }

  input(name: string, size: Sized): Expression {
    return new Expression(this, this.#count++, size, null, [], name);
  }

  operation(primitive: Primitive, given: readonly Value[]): Value {
    const [rows, columns] = primitive.shape(...given);
    const size = { rows, columns };
    const simple = simpler(primitive, given, this.#simplify);
    if (simple !== undefined) return stretchTo(simple, size);
    const inputs = given.map((x) => this.#canonical(x));
    const key = this.#key(primitive, inputs);
    const known = this.#operations.get(key);
    if (known !== undefined) return known;
    const made = new Expression(this, this.#count++, size, primitive, inputs);
    this.#operations.set(key, made);
    return made;
  }

  /** One matrix for all small constants with the same entries. */
  #canonical(x: Value): Value {
    if (!(x instanceof FlatMatrix) || x.data.length > smallConstant) return x;
    const entries = Array.from(x.data, (entry) => (Object.is(entry, -0) ? '-0' : entry));
    const key = `${x.rows}×${x.columns}:${entries}`;
    const known = this.#constants.get(key);
    if (known === undefined) this.#constants.set(key, x);
    return known ?? x;
  }

  #key(primitive: Primitive, inputs: readonly Value[]): string {
    const numbers = inputs.map((x) => numbered(this.#numbers, x));
    if (primitive.commutative) numbers.sort((a, b) => a - b);
    return `${this.#kind(primitive)}(${numbers})`;
  }

  /** The same number for primitives of one operation with equal parameters. */
  #kind(primitive: Primitive): number {
    const record = numbered(this.#primitives, recordOf(primitive));
    if (primitive.family === undefined) return record;
    const key = `${record} ${JSON.stringify(primitive.parameters, flat)}`;
    return numbered(this.#primitives, key);
  }
}

function numbered<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

// JSON would write a typed array as an object with a key per entry, and NaN as null.
function flat(_key: string, x: unknown): unknown {
  if (ArrayBuffer.isView(x)) return `${x.constructor.name} ${String(x)}`;
  return typeof x === 'number' && (!Number.isFinite(x) || Object.is(x, -0))
    ? `number ${Object.is(x, -0) ? '-0' : x}`
    : x;
}
