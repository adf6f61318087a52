import { FlatMatrix } from '@steepest/autodiff';
import { type PivotedQr, solveRTransposed } from '../linear-algebra/pivoted-qr.ts';

/**
 * s²(JᵀJ)⁻¹ with s² = ‖r‖²/(m − n), from R alone: (JᵀJ)⁻¹ = P R⁻¹R⁻ᵀ Pᵀ. Undefined where J lacks rank or
 * no degree of freedom is left.
 */
export function covarianceOf(qr: PivotedQr, residuals: Float64Array): FlatMatrix | undefined {
  const n = qr.columns;
  const freedom = residuals.length - n;
  if (qr.rank < n || freedom <= 0) return undefined;
  let squares = 0;
  for (const x of residuals) squares += x * x;
  // Column k of R⁻ᵀ, so that (R⁻¹R⁻ᵀ)ᵢₖ is a product of two of them.
  const columns = Array.from({ length: n }, (_, k) => {
    const unit = new Float64Array(n);
    unit[k] = 1;
    return solveRTransposed(qr, unit);
  });
  const result = new FlatMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let l = 0; l < n; l++) sum += columns[i][l] * columns[k][l];
      result.data[qr.pivots[i] * n + qr.pivots[k]] = (sum * squares) / freedom;
    }
  }
  return result;
}
