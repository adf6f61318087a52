import type { FlatMatrix } from '../values/flat-matrix.ts';
import type { Operand, Value } from '../values/operand.ts';
import { broadcastShape, type Sized, shapeOf } from '../values/shape.ts';
import { apply } from './apply.ts';
import {
  type Called,
  type Case,
  checkDefinition,
  type Definition,
  type ElementwiseDefinition,
  type FamilyDefinition,
  type Operation,
  type Overloaded,
  type Parametric,
} from './definition.ts';
import { mapBinary, mapUnary } from './map.ts';
import type { Family, Primitive } from './primitive.ts';

/**
 * An operation, with its derivative: it works in every mode and to every order. This is how the
 * library's own are made, and how you make yours.
 *
 * Give `entry` and `slopes` for an elementwise operation of one or two inputs; `shape`, `value` and
 * `partials` (a push and a pull per input) for any other; `of` and `examples` for one with
 * parameters. Rules are written with the public operations, so that they can be differentiated
 * again. Throws a TypeError that names what is missing; a rule that returns the wrong shape throws
 * when it is used.
 *
 * ```ts
 * const cube = definePrimitive({ name: 'cube', entry: (x) => x ** 3, slopes: [(_, x) => mul(3, square(x))] });
 * grad((x) => sum(cube(x)))(2); // 12
 * ```
 */
export function op<Inputs extends readonly FlatMatrix[]>(
  definition: Definition<Inputs>,
): Operation<Inputs>;
export function op<Entries extends readonly number[]>(
  definition: ElementwiseDefinition<Entries>,
): Operation<Entries>;
export function op<Given extends readonly unknown[], Call>(
  definition: FamilyDefinition<Given> & Called<Given, Call>,
): Overloaded<Call>;
export function op<Given extends readonly unknown[]>(
  definition: FamilyDefinition<Given>,
): Parametric<Given>;
export function op(definition: object): unknown {
  checkDefinition(definition);
  return 'of' in definition
    ? withParameters(definition as FamilyDefinition<readonly unknown[]>)
    : withoutParameters(definition as Case & { readonly name: string });
}

function withoutParameters(definition: Case & { readonly name: string }): unknown {
  const { name, ...rest } = definition;
  const primitive = primitiveOf(name, rest);
  return Object.assign(callOf(primitive), { primitive });
}

function withParameters<Given extends readonly unknown[]>(
  definition: FamilyDefinition<Given> & Partial<Called<Given, object>>,
): unknown {
  const { name, examples } = definition;
  const made: Primitive[] = [];
  const primitive: Family = { name, examples: made };
  const of = (...given: Given): Primitive => primitiveOf(name, definition.of(...given), primitive);
  const call = definition.call?.(of) ?? ((x: Operand, ...given: Given) => apply(of(...given), x));
  for (const given of examples) made.push(of(...given));
  return Object.assign(call, { primitive });
}

function primitiveOf(name: string, given: Case, family?: Family): Primitive {
  const { entry, slopes, samples = [] } = given;
  const whole = { ...given, name, samples, ...(family && { family }) };
  if (slopes === undefined || entry === undefined) return whole as Primitive;
  const { shape, value } = given;
  const unary = slopes.length === 1;
  return {
    ...whole,
    shape: shape ?? (unary ? shapeOf : (a: Sized, b: Sized) => broadcastShape(name, a, b)),
    value:
      value ??
      (unary
        ? (x: FlatMatrix) => mapUnary(entry, x)
        : (a: FlatMatrix, b: FlatMatrix) => mapBinary(entry, a, b)),
  };
}

// One operand may be followed by others, which are ignored: xs.map(exp) passes an index, too.
function callOf(primitive: Primitive): (...inputs: Operand[]) => Value {
  const { name, slopes, partials } = primitive;
  const count = (slopes ?? (partials as readonly unknown[])).length;
  if (count === 1) return (x: Operand) => apply(primitive, x);
  if (count === 2) {
    return (a: Operand, b: Operand, third?: Operand) => {
      if (third !== undefined) throw wrongCount(name, 2);
      return apply(primitive, a, b);
    };
  }
  return (...inputs) => {
    if (inputs.length !== count) throw wrongCount(name, count);
    return apply(primitive, ...inputs);
  };
}

function wrongCount(name: string, takes: number): TypeError {
  const operands = ['a', 'b', 'c', 'd'].slice(0, takes).join(', ');
  return new TypeError(
    `${name}: takes ${takes} operands, got another number of them; write ${name}(${operands})`,
  );
}
