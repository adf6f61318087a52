// The factorizations behind least squares, here and in models.
export { inverseOf } from './linear-algebra/invert.ts';
export {
  applyQ,
  type ColumnMajor,
  type PivotedQr,
  pivotedQr,
  solveR,
  solveRTransposed,
} from './linear-algebra/pivoted-qr.ts';
