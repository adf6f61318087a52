import type { Value } from '../src/index.ts';
import * as ops from '../src/index.ts';

type Elementwise = (...inputs: Value[]) => Value;

/** Reference name → operation, entry by entry. */
export const elementwiseOps: Readonly<Record<string, Elementwise>> = {
  add: ops.add as Elementwise,
  sub: ops.sub as Elementwise,
  mul: ops.mul as Elementwise,
  div: ops.div as Elementwise,
  pow: ops.pow as Elementwise,
  neg: ops.neg as Elementwise,
  maximum: ops.maximum as Elementwise,
  minimum: ops.minimum as Elementwise,
  atan2: ops.atan2 as Elementwise,
  gt: ops.greater as Elementwise,
  ge: ops.greaterEqual as Elementwise,
  lt: ops.less as Elementwise,
  le: ops.lessEqual as Elementwise,
  eq: ops.equal as Elementwise,
  exp: ops.exp as Elementwise,
  expm1: ops.expm1 as Elementwise,
  log: ops.log as Elementwise,
  log1p: ops.log1p as Elementwise,
  sqrt: ops.sqrt as Elementwise,
  square: ops.square as Elementwise,
  reciprocal: ops.reciprocal as Elementwise,
  sin: ops.sin as Elementwise,
  cos: ops.cos as Elementwise,
  tan: ops.tan as Elementwise,
  asin: ops.asin as Elementwise,
  acos: ops.acos as Elementwise,
  atan: ops.atan as Elementwise,
  sinh: ops.sinh as Elementwise,
  cosh: ops.cosh as Elementwise,
  tanh: ops.tanh as Elementwise,
  erf: ops.erf as Elementwise,
  lgamma: ops.lgamma as Elementwise,
  abs: ops.abs as Elementwise,
  relu: ops.relu as Elementwise,
  sigmoid: ops.sigmoid as Elementwise,
  softplus: ops.softplus as Elementwise,
  logsigmoid: ops.logSigmoid as Elementwise,
  clip: ops.clip as Elementwise,
  where: ops.where as Elementwise,
  stop_gradient: ops.stopGradient as Elementwise,
};

/** Reference name → operation over an axis or all entries. */
export const reductionOps: Readonly<Record<string, ops.Reduction>> = {
  sum: ops.sum,
  mean: ops.mean,
  prod: ops.prod,
  max: ops.max,
  min: ops.min,
  var: ops.variance,
  logsumexp: ops.logSumExp,
  norm: ops.norm,
};

/** Square matrix → square matrix. */
export const squareOps: Readonly<Record<string, (x: Value) => Value>> = {
  inverse: ops.inverse,
  cholesky: ops.cholesky,
};

/** Matrix → 1×1. */
export const scalarOps: Readonly<Record<string, (x: Value) => Value>> = {
  trace: ops.trace,
  det: ops.det,
  logdet: ops.logDet,
};
