// Values: what goes into operations and comes out of derivatives

export { isPlain as isPlainObject } from '@steepest/ground';
export { briefEntries } from './values/brief.ts';
export { FlatMatrix } from './values/flat-matrix.ts';
export { item } from './values/item.ts';
export { isLeaf, toFlatMatrix } from './values/lift.ts';
export type { Concrete, NdArrayLike, Operand, Value } from './values/operand.ts';
export { type Shape, ShapeError, type Sized } from './values/shape.ts';
export { leavesOf, mapTree, withLeaves } from './values/tree.ts';
export { DepthError, flattenTree, type Path, type Tree, TreeDef } from './values/tree-def.ts';

// Derivatives, from the first to any order

export { derivative, jvp } from './modes/forward.ts';
export { gnvp } from './modes/gauss-newton.ts';
export { hessian, hvp } from './modes/hessian.ts';
export { jacobian } from './modes/jacobian.ts';
export { type NumericOptions, numericGrad, numericJacobian } from './modes/numeric.ts';
export { grad, valueAndGrad, vjp } from './modes/reverse.ts';
export { sparseJacobian } from './modes/sparse-jacobian.ts';
export type { Argument, GradientOf, HessianOf, JacobianOf } from './modes/types.ts';
export { DerivativeError } from './primitive/derivative-error.ts';

// Derivatives as formulas: recorded, simplified, printed

export { shaped } from './symbolic/arguments.ts';
export { Expression } from './symbolic/expression.ts';
export type { ExpressionGraph, Visitor } from './symbolic/graph.ts';
export { type NaiveDerivative, naiveDerivative } from './symbolic/naive-derivative.ts';
export type { PrintOptions } from './symbolic/print.ts';
export { type RecordOptions, record } from './symbolic/record.ts';
export type { Simplify } from './symbolic/rewrite.ts';

// Checks: a gradient against quotients, the modes against each other, the origin of a NaN

export {
  type CheckedEntry,
  checkGrad,
  type GradientCheck,
  type Kink,
} from './checks/check-grad.ts';
export {
  compareModes,
  type Mode,
  type ModeComparison,
  type ModeCost,
} from './checks/compare-modes.ts';
export { NaNError, withNaNCheck } from './checks/nan-origin.ts';

// Rules of your own

export { apply } from './primitive/apply.ts';
export { customDerivative } from './primitive/custom-derivative.ts';
export type {
  Binary,
  Called,
  Case,
  Composed,
  Definition,
  ElementwiseDefinition,
  FamilyDefinition,
  Operation,
  Overloaded,
  Parametric,
  Unary,
} from './primitive/definition.ts';
export { op as definePrimitive } from './primitive/op.ts';
export type {
  Family,
  LinearMap,
  OperationRecord,
  Partial,
  Primitive,
} from './primitive/primitive.ts';
export { locallyConstant, primitivesOf, recordOf } from './primitive/primitive.ts';

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
} from './losses/losses.ts';
