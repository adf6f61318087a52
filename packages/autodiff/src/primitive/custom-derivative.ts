import { FlatMatrix, filled } from '../values/flat-matrix.ts';
import { toFlatMatrix } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape, type Shape, type Sized, shapeOf } from '../values/shape.ts';
import { expectFunction } from './callable.ts';
import type { Definition, Operation } from './definition.ts';
import { DerivativeError } from './derivative-error.ts';
import { op } from './op.ts';
import type { Rule } from './primitive.ts';

/**
 * A function with a derivative of your own: f gives the value, each partial the derivative with
 * respect to one input (null: not differentiable), instead of what f's operations would give.
 *
 * f gets plain matrices, so it may be any code. Partials are written with the public operations;
 * the result works in every mode and to every order. In symbolic mode f runs once on ones to find
 * the shape of its result.
 *
 * ```ts
 * const clipped = customDerivative((x) => x, () => ({ push: (t) => t, pull: (c) => clip(c, -1, 1) }));
 * grad((x) => sum(mul(5, clipped(x))))(2); // 1
 * ```
 */
export function customDerivative<Inputs extends readonly Value[]>(
  f: (...inputs: Inputs) => Operand,
  ...partials: { [K in keyof Inputs]: Rule }
): Operation<Inputs> {
  expectFunction('customDerivative', f);
  const name = f.name === '' ? 'customDerivative' : f.name;
  const value = (...inputs: FlatMatrix[]) => {
    const result = toFlatMatrix(f(...(inputs as unknown as Inputs)), name);
    // The result must not be one of the inputs: a write to one would change the other.
    return inputs.some(({ data }) => data.buffer === result.data.buffer)
      ? new FlatMatrix(result.rows, result.columns, result.data.slice())
      : result;
  };
  return op({ name, shape: shapesOf(name, value, partials.length), value, partials } as Definition<
    readonly FlatMatrix[]
  >) as Operation<readonly unknown[]> as Operation<Inputs>;
}

/** The shape of a function's result, found by running it once for every shape of its inputs. */
function shapesOf(
  name: string,
  value: (...inputs: FlatMatrix[]) => FlatMatrix,
  count: number,
): (...inputs: Sized[]) => Shape {
  const known = new Map<string, Shape>();
  return (...inputs) => {
    if (inputs.length !== count) {
      throw new DerivativeError(
        `customDerivative: ${name} was called with ${inputs.length} inputs, it has ${count} partials`,
      );
    }
    const key = inputs.map(formatShape).join();
    let shape = known.get(key);
    if (shape === undefined) {
      shape = shapeOf(value(...inputs.map(example)));
      known.set(key, shape);
    }
    return shape;
  };
}

function example(x: Sized): FlatMatrix {
  return x instanceof FlatMatrix ? x : filled(x.rows, x.columns, 1);
}
