// What least squares and penalized fits are made of, here and in models.
export { dotOf } from './linear-algebra/columns.ts';
export { inverseOf } from './linear-algebra/invert.ts';
export {
  applyQ,
  type ColumnMajor,
  type PivotedQr,
  pivotedQr,
  solveR,
  solveRTransposed,
} from './linear-algebra/pivoted-qr.ts';
