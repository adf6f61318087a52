import { apply } from '../primitive/apply.ts';
import { elementwise, type Unary, unary } from '../primitive/elementwise.ts';
import { call } from '../primitive/notation.ts';
import { type Family, type Primitive, withRecord } from '../primitive/primitive.ts';
import type { Value } from '../values/operand.ts';
import { mul, neg, square } from './arithmetic.ts';
import { exp } from './exponential.ts';
import { erfOf, logGammaOf, polygammaOf } from './kernels/special.ts';
import { column } from './samples.ts';

// d(erf x) = 2/√π e^−x² dx
const errorFunction = elementwise({
  name: 'erf',
  entry: erfOf,
  slopes: [(_, x) => mul(2 / Math.sqrt(Math.PI), exp(neg(square(x))))],
  samples: [column(-1.7, -0.3, 0, 0.9, 2.2)],
});

const logGamma = elementwise({
  name: 'lgamma',
  print: call('lgamma', '\\log\\Gamma'),
  entry: logGammaOf,
  slopes: [(_, x) => polygamma(0, x)],
  samples: [column(-1.7, 0.3, 1.6, 4.2)],
});

const polygammas: Family = {
  name: 'polygamma',
  get examples() {
    return [polygammaOfOrder(1)];
  },
};

function polygammaOfOrder(order: number): Primitive {
  return {
    ...elementwise({
      name: 'polygamma',
      entry: (x) => polygammaOf(order, x),
      slopes: [(_, x) => polygamma(order + 1, x)],
      samples: [column(-1.7, 0.3, 1.6, 4.2)],
    }),
    family: polygammas,
    parameters: { order },
    print: call(`polygamma[${order}]`, `\\psi^{(${order})}`),
  };
}

/** The derivative of the digamma function of an order. */
export const polygamma: { (order: number, x: Value): Value; readonly primitive: Family } =
  withRecord((order: number, x: Value) => apply(polygammaOfOrder(order), x), polygammas);

/** The error function 2/√π ∫₀ˣ e^−t² dt. `erf(div(x, Math.SQRT2))` */
export const erf: Unary = unary(errorFunction);

/** log|Γ(x)|; its derivatives are the polygamma functions. `lgamma(add(counts, 1))` */
export const lgamma: Unary = unary(logGamma);
