import { stretchesTo, stretchTo, sumTo } from '../ops/broadcast.ts';
import { product } from '../ops/product.ts';
import { DerivativeError } from '../primitive/derivative-error.ts';
import {
  type LinearMap,
  locallyConstant,
  type Partial,
  type Primitive,
  ruleOf,
  type Slope,
} from '../primitive/primitive.ts';
import { describe, lift } from '../values/lift.ts';
import type { Value } from '../values/operand.ts';
import { formatShape, sameShape } from '../values/shape.ts';

// Where rules are used: what they return is checked here, since a wrong shape would surface far away.

/** The rule for an input that moves the result; null: not differentiable, undefined: it moves nothing. */
export function movingRule(
  primitive: Primitive,
  index: number,
): Partial | Slope | null | undefined {
  const rule = ruleOf(primitive, index);
  return rule === locallyConstant ? undefined : rule;
}

/** The derivative of an operation with respect to one input, at a point. */
export function linearMap(
  primitive: Primitive,
  result: Value,
  inputs: readonly Value[],
  index: number,
  rule: Partial | Slope,
): LinearMap {
  const input = inputs[index];
  if (primitive.slopes !== undefined) {
    const rate = rateAt(primitive, result, inputs, index, rule as Slope);
    return {
      push: (tangent) => stretchTo(times(tangent, rate), result),
      pull: (cotangent) => sumTo(times(cotangent, rate), input.rows, input.columns),
    };
  }
  const map: LinearMap = (rule as Partial)(result, ...inputs);
  if (typeof map?.push !== 'function' || typeof map.pull !== 'function') {
    throw new DerivativeError(
      `${primitive.name}: partials[${index}] must return { push, pull }, it returned ${describe(map)}`,
    );
  }
  return {
    push: (tangent) => {
      const change = lift(map.push(tangent), primitive.name);
      if (sameShape(change, result)) return change;
      throw misfit(primitive, index, 'push', change, result, 'the result');
    },
    pull: (cotangent) => {
      const share = lift(map.pull(cotangent), primitive.name);
      if (sameShape(share, input)) return share;
      throw misfit(primitive, index, 'pull', share, input, 'the input');
    },
  };
}

/** What the map of one input pulls back, for one cotangent. */
export function pulled(
  primitive: Primitive,
  result: Value,
  inputs: readonly Value[],
  index: number,
  rule: Partial | Slope,
  cotangent: Value,
): Value {
  if (primitive.slopes === undefined) {
    return linearMap(primitive, result, inputs, index, rule).pull(cotangent);
  }
  const rate = rateAt(primitive, result, inputs, index, rule as Slope);
  const { rows, columns } = inputs[index];
  return sumTo(times(cotangent, rate), rows, columns);
}

function times(x: Value, rate: Value | number): Value {
  return rate === 1 ? x : product(x, rate);
}

function rateAt(
  { name }: Primitive,
  result: Value,
  inputs: readonly Value[],
  index: number,
  slope: Slope,
): Value | number {
  if (typeof slope === 'number') return slope;
  const rate = lift(slope(result, ...inputs), name);
  if (stretchesTo(rate, result)) return rate;
  throw new DerivativeError(
    `${name}: slopes[${index}] returned ${formatShape(rate)}, the result is ` +
      `${formatShape(result)}; a slope has the shape of the result, or stretches to it`,
  );
}

function misfit(
  { name }: Primitive,
  index: number,
  direction: 'push' | 'pull',
  got: Value,
  expected: Value,
  what: string,
): DerivativeError {
  return new DerivativeError(
    `${name}: ${direction} of partials[${index}] returned ${formatShape(got)}, ${what} is ` +
      `${formatShape(expected)}; a ${direction} has the shape of ${what}`,
  );
}
