import { isCallable, nearest, refusal, show } from '@steepest/ground';
import type { FlatMatrix } from '../values/flat-matrix.ts';
import { describe } from '../values/lift.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import type { Shape, Sized } from '../values/shape.ts';
import {
  type Family,
  locallyConstant,
  type Primitive,
  type Rule,
  type SlopeRule,
} from './primitive.ts';

type Each<Inputs extends readonly unknown[], T> = { [K in keyof Inputs]: T };

/** A function of operands: of numbers and matrices to matrices, of traced values to traced values. */
export interface Composed<Inputs extends readonly unknown[]> {
  (...inputs: Each<Inputs, Concrete>): FlatMatrix;
  (...inputs: Each<Inputs, Operand>): Value;
}

/** An operation made by `definePrimitive`: as many operands as its `value` takes. */
export interface Operation<Inputs extends readonly unknown[]> extends Composed<Inputs> {
  readonly primitive: Primitive;
}

/** An operation on one operand. */
export interface Unary extends Operation<[x: number]> {}

/** An operation on two operands. */
export interface Binary extends Operation<[a: number, b: number]> {}

/** An operation on three operands. */
export interface Ternary extends Operation<[a: number, b: number, c: number]> {}

/** What every definition may say beside value and derivative. */
type Further = Pick<Primitive, 'name' | 'commutative' | 'print' | 'simplify' | 'remedy'> & {
  readonly samples?: Primitive['samples'];
};

/** What an operation needs to say about itself. */
export interface Definition<Inputs extends readonly FlatMatrix[]> extends Further {
  /** The shape of the result; throws where the inputs do not fit. */
  shape(...inputs: Each<NoInfer<Inputs>, Sized>): Shape;
  /** The result; must not change its inputs. */
  value(...inputs: Inputs): FlatMatrix;
  /** One derivative per input, each from the result and the inputs. */
  readonly partials: Each<NoInfer<Inputs>, Rule>;
  /** One entry of the result from one entry of each input, where there is such a thing. */
  readonly entry?: (...entries: number[]) => number;
}

/** An elementwise operation: one entry of the result from one entry of each input. */
export interface ElementwiseDefinition<Entries extends readonly number[]> extends Further {
  entry(...entries: Entries): number;
  /** One per input. null: not differentiable. */
  readonly slopes: Each<NoInfer<Entries>, SlopeRule>;
  /** A loop that is faster than calling `entry` for every entry. */
  readonly value?: (...inputs: FlatMatrix[]) => FlatMatrix;
}

/** An operation with parameters as it is for some of them. */
export type Case = Omit<Primitive, 'name' | 'family' | 'shape' | 'value' | 'samples'> &
  Partial<Pick<Primitive, 'shape' | 'value' | 'samples'>>;

/** An operation that depends on more than its inputs: an axis, indices, a shape. */
export interface FamilyDefinition<Given extends readonly unknown[]> {
  readonly name: string;
  /** What it is for these parameters; repeats them in `parameters`, as plain data. */
  of(...given: Given): Case;
  /** Parameters with which the tests check it. */
  readonly examples: readonly Given[];
}

/** What one writes instead of the operand and then the parameters, made of the primitives. */
export interface Called<Given extends readonly unknown[], Call> {
  call(of: (...given: Given) => Primitive): Call;
}

/** An operation on one operand, followed by parameters. */
export interface Parametric<Given extends readonly unknown[]> {
  (x: Concrete, ...given: Given): FlatMatrix;
  (x: Operand, ...given: Given): Value;
  readonly primitive: Family;
}

type Numbers<T> = [T] extends [Operand]
  ? [Operand] extends [T]
    ? Concrete
    : T
  : [T] extends [readonly Operand[]]
    ? [readonly Operand[]] extends [T]
      ? readonly Concrete[]
      : T
    : T;

/** A function of operands that returns numbers where it is given numbers. */
export type Overloaded<Call> = Call extends (...given: infer A) => Value
  ? {
      (...given: { [K in keyof A]: Numbers<A[K]> }): FlatMatrix;
      (...given: A): Value;
      readonly primitive: Family;
    }
  : never;

type Fields = Readonly<Record<string, unknown>>;

/** Throws a TypeError that names what a definition lacks. */
export function checkDefinition(given: object): void {
  if (typeof given !== 'object' || given === null) {
    const example =
      "write { name: 'cube', entry: (x) => x ** 3, slopes: [(_, x) => mul(3, square(x))] }";
    throw refusal('definePrimitive', 'expected a definition', given, example);
  }
  const definition = given as Fields;
  const { name } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(
      `definePrimitive: name must be a string, it is ${describe(name)}; write { name: 'cube', … }`,
    );
  }
  checkFields(name, definition);
  if ('of' in definition) checkFamily(name, definition);
  else if ('slopes' in definition || !('partials' in definition || 'shape' in definition)) {
    if ('entry' in definition) checkElementwise(name, definition);
    else checkParts(name, definition);
  } else checkParts(name, definition);
}

const fields: readonly string[] =
  'name entry slopes shape value partials of examples call commutative print simplify remedy samples'.split(
    ' ',
  );

function checkFields(name: string, definition: Fields): void {
  for (const field of Object.keys(definition)) {
    if (fields.includes(field)) continue;
    const [meant] = nearest(field, fields, 1);
    const advice = meant === undefined ? `it may have ${fields.join(', ')}` : `meant ${meant}?`;
    throw new TypeError(`definePrimitive: ${name} has the unknown field ${show(field)}; ${advice}`);
  }
}

function checkFamily(name: string, { of, examples, call }: Fields): void {
  if (!isCallable(of)) throw missing(name, 'of', 'a function of its parameters', of);
  if (!Array.isArray(examples)) throw missing(name, 'examples', 'an array', examples);
  if (call !== undefined && !isCallable(call)) {
    throw missing(name, 'call', 'a function', call);
  }
}

function checkElementwise(name: string, { entry, slopes }: Fields): void {
  if (!isCallable(entry)) throw missing(name, 'entry', 'a function', entry);
  if (!Array.isArray(slopes)) throw missing(name, 'slopes', 'an array', slopes);
  if (slopes.length < 1 || slopes.length > 2) {
    throw new TypeError(
      `definePrimitive: ${name} has ${slopes.length} slopes, elementwise operations have one or ` +
        'two inputs; give shape, value and partials instead',
    );
  }
  for (const [i, slope] of slopes.entries()) {
    if (typeof slope !== 'number') checkRule(name, `slopes[${i}]`, slope);
  }
}

function checkParts(name: string, { shape, value, partials }: Fields): void {
  if (!isCallable(shape)) throw missing(name, 'shape', 'a function', shape);
  if (!isCallable(value)) throw missing(name, 'value', 'a function', value);
  if (!Array.isArray(partials)) throw missing(name, 'partials', 'an array', partials);
  for (const [i, partial] of partials.entries()) checkRule(name, `partials[${i}]`, partial);
}

function missing(name: string, field: string, expected: string, got: unknown): TypeError {
  return new TypeError(
    `definePrimitive: ${name} needs ${field}, ${expected}; it is ${describe(got)}`,
  );
}

function checkRule(name: string, place: string, rule: unknown): void {
  if (isCallable(rule) || rule === null || rule === locallyConstant) return;
  throw new TypeError(
    `definePrimitive: ${place} of ${name} must be a function, null (not differentiable) or ` +
      `locallyConstant, it is ${describe(rule)}`,
  );
}
