import { mul, neg } from '../../ops/arithmetic.ts';
import { mean } from '../../ops/averages.ts';
import type { Axis } from '../../ops/axis.ts';
import { broadcastTo, sum } from '../../ops/broadcast.ts';
import { countAlong, type Reduction } from '../../ops/reduction.ts';
import type { Primitive, Rewrite, Simplification } from '../../primitive/primitive.ts';
import { constantAnd, inputsOf } from '../../primitive/term.ts';
import type { Value } from '../../values/operand.ts';

/** Σ of one entry, of a stretched value, Σ c x = c Σ x, Σ −x = −Σ x, Σ Σ */
export function ofSumAlong({ parameters }: Primitive): Simplification {
  const options = parameters as Axis;
  return {
    algebraic: firstOf(
      ofOneEntry(options),
      (x) => {
        const y = beforeStretching(x);
        if (y === undefined) return undefined;
        const down = options.axis === 1 ? 1 : x.rows / y.rows;
        const across = options.axis === 0 ? 1 : x.columns / y.columns;
        return mul(down * across, sum(y, options));
      },
      factorsOut(sum, options),
      (x) => {
        const [y] = inputsOf(x, sum.primitive) ?? [];
        return options.axis === undefined && y !== undefined ? sum(y) : undefined;
      },
    ),
  };
}

/** The mean of one entry, of a stretched value, mean c x = c mean x, mean −x = −mean x */
export function ofMeanAlong({ parameters }: Primitive): Simplification {
  const options = parameters as Axis;
  return {
    algebraic: firstOf(
      ofOneEntry(options),
      (x) => {
        // Along a dimension that was stretched, all entries are the mean.
        const y = beforeStretching(x);
        return y && mean(y, options);
      },
      factorsOut(mean, options),
    ),
  };
}

function ofOneEntry({ axis }: Axis): Rewrite {
  return (x) => (countAlong(x, axis) === 1 ? x : undefined);
}

function beforeStretching(x: Value): Value | undefined {
  const [y] = inputsOf(x, broadcastTo.primitive) ?? [];
  return y === undefined || y.rows * y.columns === 0 ? undefined : y;
}

function factorsOut(reduce: Reduction, options: Axis): Rewrite {
  return (x) => {
    const inner = inputsOf(x, neg.primitive);
    if (inner !== undefined) return neg(reduce(inner[0], options));
    const [c, y] = constantAnd(x, mul.primitive) ?? [];
    if (c === undefined || y === undefined || c.rows * c.columns !== 1) return undefined;
    return mul(c, reduce(y, options));
  };
}

/** The first of some rewrites that applies. */
function firstOf(...rewrites: readonly Rewrite[]): Rewrite {
  return (x) => {
    for (const rewrite of rewrites) {
      const simpler = rewrite(x);
      if (simpler !== undefined) return simpler;
    }
    return undefined;
  };
}
