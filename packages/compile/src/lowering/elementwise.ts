import {
  abs,
  add,
  broadcastTo,
  cosh,
  div,
  equal,
  exp,
  expm1,
  greater,
  greaterEqual,
  innerOperations,
  less,
  lessEqual,
  log,
  log1p,
  logSigmoid,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  reciprocal,
  relu,
  sigmoid,
  sign,
  sinh,
  softplus,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
  where,
  xlogy,
} from '@steepest/autodiff';
import { entries, powerEntry } from '../kernels/index.ts';
import { broadcast, constantOf } from '../plan/node.ts';
import { quotient, times } from './arithmetic.ts';
import { inLoop, type Lowered } from './lowering.ts';

const { product, share } = innerOperations;

const isFiniteFactor = (x: number | undefined): boolean =>
  x !== undefined && Number.isFinite(x) && x !== 0;

/** Operations that a loop computes entry by entry, together with others. */
export const elementwise: readonly Lowered[] = [
  [add, inLoop(entries.add)],
  [sub, inLoop(entries.sub)],
  [
    mul,
    {
      plan: ({ builder, views: [a, b], size }) => broadcast(times(builder, a.node, b.node), size),
      ...inLoop(entries.mul),
    },
  ],
  [
    div,
    {
      plan: ({ builder, views: [a, b], size }) =>
        broadcast(quotient(builder, a.node, b.node), size),
      ...inLoop(entries.div),
    },
  ],
  [
    product,
    {
      // With a finite factor other than zero, an exact zero wins anyway.
      plan: ({ builder, primitive, views, size }) => {
        const [a, b] = views.map(({ node }) => node);
        const plain = isFiniteFactor(constantOf(a)) || isFiniteFactor(constantOf(b));
        const node = plain ? times(builder, a, b) : builder.entries(primitive, [a, b]);
        return broadcast(node, size);
      },
      ...inLoop(entries.product),
    },
  ],
  [neg, inLoop(entries.neg)],
  [square, inLoop(entries.square)],
  [reciprocal, inLoop(entries.reciprocal)],
  [sqrt, inLoop(entries.sqrt)],
  [
    pow,
    {
      // The exponents that need no logarithm.
      entry: ({ inputs: [, exponent] }) => {
        const number = constantOf(exponent);
        return number === undefined ? undefined : powerEntry(number);
      },
    },
  ],
  [abs, inLoop(entries.abs)],
  [sign, inLoop(entries.sign)],
  [relu, inLoop(entries.relu)],
  [maximum, inLoop(entries.maximum)],
  [minimum, inLoop(entries.minimum)],
  [share, inLoop(entries.share)],
  [where, inLoop(entries.where)],
  [greater, inLoop(entries.greater)],
  [greaterEqual, inLoop(entries.greaterEqual)],
  [less, inLoop(entries.less)],
  [lessEqual, inLoop(entries.lessEqual)],
  [equal, inLoop(entries.equal)],
  [exp, inLoop(entries.exp)],
  [expm1, inLoop(entries.expm1)],
  [log, inLoop(entries.log)],
  [log1p, inLoop(entries.log1p)],
  [sigmoid, inLoop(entries.sigmoid)],
  [softplus, inLoop(entries.softplus)],
  [logSigmoid, inLoop(entries.logSigmoid)],
  [tanh, inLoop(entries.tanh)],
  [sinh, inLoop(entries.sinh)],
  [cosh, inLoop(entries.cosh)],
  [xlogy, inLoop(entries.xlogy)],
  // Nothing is computed: whoever reads the value broadcasts it, and nothing takes derivatives here.
  [broadcastTo, { plan: ({ views: [x], size }) => broadcast(x.node, size) }],
  [stopGradient, { plan: ({ views: [x] }) => x }],
];
