import { mul, multiplication, neg, negation } from '../../ops/arithmetic.ts';
import { type Axis, broadcastTo, type Reduction, sum } from '../../ops/broadcast.ts';
import { mean } from '../../ops/reductions.ts';
import type { Primitive, Rewrite } from '../../primitive/primitive.ts';
import { constantAnd, firstOf, inputsOf } from '../../primitive/term.ts';

function axisOf(primitive: Primitive): Axis {
  return primitive.parameters as Axis;
}

/** Σ of a stretched value, Σ c x = c Σ x, Σ −x = −Σ x, Σ Σ */
export function simplerSumOver(primitive: Primitive): Rewrite {
  const axis = axisOf(primitive);
  return firstOf(
    (x) => {
      const [y] = inputsOf(x, broadcastTo.primitive) ?? [];
      if (y === undefined || y.rows * y.columns === 0) return undefined;
      const down = axis.axis === 1 ? 1 : x.rows / y.rows;
      const across = axis.axis === 0 ? 1 : x.columns / y.columns;
      return mul(down * across, sum(y, axis));
    },
    factorsOut(sum, axis),
    (x) => {
      const [y] = inputsOf(x, sum.primitive) ?? [];
      return axis.axis === undefined && y !== undefined ? sum(y) : undefined;
    },
  );
}

/** The mean of a stretched value, mean c x = c mean x, mean −x = −mean x */
export function simplerMeanOver(primitive: Primitive): Rewrite {
  const axis = axisOf(primitive);
  return firstOf(
    (x) => {
      const [y] = inputsOf(x, broadcastTo.primitive) ?? [];
      if (y === undefined || y.rows * y.columns === 0) return undefined;
      // Along a dimension that was stretched, all entries are the mean.
      return mean(y, axis);
    },
    factorsOut(mean, axis),
  );
}

function factorsOut(reduce: Reduction, axis: Axis): Rewrite {
  return (x) => {
    const inner = inputsOf(x, negation);
    if (inner !== undefined) return neg(reduce(inner[0], axis));
    const [c, y] = constantAnd(x, multiplication) ?? [];
    if (c === undefined || y === undefined || c.rows * c.columns !== 1) return undefined;
    return mul(c, reduce(y, axis));
  };
}
