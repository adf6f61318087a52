import { FlatMatrix } from '../values/flat-matrix.ts';
import { describe } from '../values/lift.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { formatShape, type Shape, type Sized, sameShape } from '../values/shape.ts';
import { apply } from './apply.ts';
import { DerivativeError } from './derivative-error.ts';
import { type ElementwiseRule, elementwise } from './elementwise.ts';
import { type LinearMap, locallyConstant, type Primitive, type Rule } from './primitive.ts';

type Each<Inputs extends readonly unknown[], T> = { [K in keyof Inputs]: T };

/** An operation made by {@link definePrimitive}: as many operands as its `value` takes. */
export interface Operation<Inputs extends readonly unknown[]> {
  (...inputs: Each<Inputs, Concrete>): FlatMatrix;
  (...inputs: Each<Inputs, Operand>): Value;
  readonly primitive: Primitive;
}

/** What an operation needs to say about itself. */
export interface Definition<Inputs extends readonly FlatMatrix[]>
  extends Omit<Primitive, 'shape' | 'value' | 'partials' | 'samples' | 'entry' | 'parameters'> {
  /** The shape of the result; throws where the inputs do not fit. */
  shape(...inputs: Each<NoInfer<Inputs>, Sized>): Shape;
  /** The result; must not change its inputs. */
  value(...inputs: Inputs): FlatMatrix;
  /** One derivative per input, each from the result and the inputs. */
  readonly partials: Each<NoInfer<Inputs>, Rule>;
  readonly samples?: Primitive['samples'];
}

/** An elementwise operation: one entry of the result from one entry of each input. */
export interface ElementwiseDefinition<Entries extends readonly number[]>
  extends Omit<ElementwiseRule, 'entry' | 'slopes' | 'samples'> {
  entry(...entries: Entries): number;
  readonly slopes: Each<NoInfer<Entries>, ElementwiseRule['slopes'][number]>;
  readonly samples?: ElementwiseRule['samples'];
}

/**
 * An operation of your own, with its derivative: it then works in every mode and to every order, as
 * the library's own do.
 *
 * Give `entry` and `slopes` for an elementwise operation of one or two inputs; `shape`, `value` and
 * `partials` (a push and a pull per input) for any other. Rules are written with the public
 * operations, so that they can be differentiated again. Throws a TypeError that names what is
 * missing; a rule that returns the wrong shape throws when it is used.
 *
 * ```ts
 * const cube = definePrimitive({ name: 'cube', entry: (x) => x ** 3, slopes: [(_, x) => mul(3, square(x))] });
 * grad((x) => sum(cube(x)))(2); // 12
 * ```
 */
export function definePrimitive<Inputs extends readonly FlatMatrix[]>(
  definition: Definition<Inputs>,
): Operation<Inputs>;
export function definePrimitive<Entries extends readonly number[]>(
  definition: ElementwiseDefinition<Entries>,
): Operation<Entries>;
export function definePrimitive(definition: object): Operation<readonly unknown[]> {
  const primitive = 'entry' in definition ? fromEntries(definition) : fromParts(definition);
  const operation = (...inputs: Operand[]) => apply(primitive, ...inputs);
  return Object.assign(operation, { primitive }) as Operation<readonly unknown[]>;
}

function fromEntries(definition: object): Primitive {
  const rule = definition as Fields<ElementwiseRule>;
  const name = named(rule.name);
  if (typeof rule.entry !== 'function') throw missing(name, 'entry', 'a function', rule.entry);
  if (!Array.isArray(rule.slopes)) throw missing(name, 'slopes', 'an array', rule.slopes);
  if (rule.slopes.length < 1 || rule.slopes.length > 2) {
    throw new TypeError(
      `definePrimitive: ${name} has ${rule.slopes.length} slopes, elementwise operations have one ` +
        'or two inputs; give shape, value and partials instead',
    );
  }
  rule.slopes.forEach((slope: unknown, i) => {
    if (typeof slope !== 'number') checkRule(name, `slopes[${i}]`, slope);
  });
  const { samples = [], ...rest } = rule as Partly<ElementwiseRule>;
  return elementwise({ ...rest, samples });
}

function fromParts(definition: object): Primitive {
  const given = definition as Fields<Primitive>;
  const name = named(given.name);
  if (typeof given.shape !== 'function') throw missing(name, 'shape', 'a function', given.shape);
  if (typeof given.value !== 'function') throw missing(name, 'value', 'a function', given.value);
  if (!Array.isArray(given.partials)) throw missing(name, 'partials', 'an array', given.partials);
  const partials = given.partials as Rule[];
  for (const [i, partial] of partials.entries()) checkRule(name, `partials[${i}]`, partial);
  const { shape, value, samples = [], ...rest } = given as Partly<Primitive>;
  return {
    ...rest,
    samples,
    shape: (...inputs) => {
      if (inputs.length !== partials.length) {
        throw new TypeError(
          `${name}: was called with ${inputs.length} inputs, it has ${partials.length} partials`,
        );
      }
      return shape(...inputs);
    },
    value: (...inputs) => {
      const result: unknown = value(...inputs);
      if (result instanceof FlatMatrix) return result;
      throw new TypeError(`${name}: its value must be a FlatMatrix, it is ${describe(result)}`);
    },
    partials: partials.map((partial, i) => guarded(name, partial, i)),
  };
}

type Partly<T extends { samples: unknown }> = Omit<T, 'samples'> & {
  readonly samples?: T['samples'];
};
type Fields<T> = { readonly [K in keyof T]?: unknown };

function named(name: unknown): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new TypeError(`definePrimitive: name must be a string, it is ${describe(name)}`);
}

function missing(name: string, field: string, expected: string, found: unknown): TypeError {
  return new TypeError(
    `definePrimitive: ${name} needs ${field}, ${expected}; it is ${describe(found)}`,
  );
}

function checkRule(name: string, place: string, rule: unknown): void {
  if (typeof rule === 'function' || rule === null || rule === locallyConstant) return;
  throw new TypeError(
    `definePrimitive: ${place} of ${name} must be a function, null (not differentiable) or ` +
      `locallyConstant, it is ${describe(rule)}`,
  );
}

/** A rule whose results are checked: a wrong shape would otherwise surface far away. */
export function guarded(name: string, partial: Rule, index: number): Rule {
  if (typeof partial !== 'function') return partial;
  return (result, ...inputs) => {
    const map: LinearMap = partial(result, ...inputs);
    if (typeof map?.push !== 'function' || typeof map.pull !== 'function') {
      throw new DerivativeError(
        `${name}: partials[${index}] must return { push, pull }, it returned ${describe(map)}`,
      );
    }
    return {
      push: (tangent) => fitting(name, index, 'push', map.push(tangent), result, 'the result'),
      pull: (cotangent) =>
        fitting(name, index, 'pull', map.pull(cotangent), inputs[index], 'the input'),
    };
  };
}

function fitting(
  name: string,
  index: number,
  direction: 'push' | 'pull',
  found: Value,
  expected: Value,
  what: string,
): Value {
  if (sameShape(found, expected)) return found;
  throw new DerivativeError(
    `${name}: ${direction} of partials[${index}] returned ${formatShape(found)}, ${what} is ` +
      `${formatShape(expected)}; a ${direction} has the shape of ${what}`,
  );
}
