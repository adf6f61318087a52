// Values: what goes into operations and comes out of derivatives

export { FlatMatrix } from './flat-matrix.ts';
export { item } from './item.ts';
export { toFlatMatrix } from './lift.ts';
export type { Concrete, NdArrayLike, Operand, Value } from './primitive.ts';
export { briefEntries } from './scratch.ts';
export { type Shape, ShapeError, type Sized } from './shape.ts';
export { isLeaf, leavesOf, mapTree, type Path, type Tree, withLeaves } from './tree.ts';

// Derivatives, from the first to any order

export { DerivativeError } from './derivative-error.ts';
export { derivative, jvp } from './modes/forward.ts';
export { hessian, hvp } from './modes/hessian.ts';
export { jacobian } from './modes/jacobian.ts';
export { type NumericOptions, numericGrad, numericJacobian } from './modes/numeric.ts';
export { grad, valueAndGrad, vjp } from './modes/reverse.ts';
export type { Argument, GradientOf, HessianOf, JacobianOf } from './modes/types.ts';

// Derivatives as formulas: recorded, simplified, printed

export { shaped } from './modes/symbolic/arguments.ts';
export { Expression } from './modes/symbolic/expression.ts';
export type { ExpressionGraph, Visitor } from './modes/symbolic/graph.ts';
export { type NaiveDerivative, naiveDerivative } from './modes/symbolic/naive-derivative.ts';
export type { PrintOptions } from './modes/symbolic/print.ts';
export { type RecordOptions, record } from './modes/symbolic/record.ts';
export type { Simplify } from './modes/symbolic/rewrite.ts';

// Checks: a gradient against quotients, the modes against each other, the origin of a NaN

export { type CheckedEntry, checkGrad, type GradientCheck, type Kink } from './modes/check.ts';
export { compareModes, type Mode, type ModeComparison, type ModeCost } from './modes/compare.ts';
export { NaNError, withNaNCheck } from './nan-check.ts';

// Rules of your own

export { apply } from './apply.ts';
export { customDerivative } from './custom-derivative.ts';
export {
  type Definition,
  definePrimitive,
  type ElementwiseDefinition,
  type Operation,
} from './definition.ts';
export type { Family, LinearMap, OperationRecord, Partial, Primitive } from './primitive.ts';
export { locallyConstant, primitivesOf, recordOf } from './primitive.ts';

// Operations: ops/index.ts lists them by kind

export * from './ops/index.ts';
export { openIndices } from './ops/open-indices.ts';
export { table } from './ops/table.ts';

// Losses

export {
  absoluteError,
  crossEntropy,
  hingeLoss,
  huberLoss,
  type Loss,
  logisticLoss,
  poissonLoss,
  squaredError,
} from './losses.ts';
