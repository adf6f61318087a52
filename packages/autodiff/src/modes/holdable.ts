import { DerivativeError } from '../primitive/derivative-error.ts';

/** A matrix of derivatives with more bytes is not begun. */
const mostBytes = 2 ** 30;

/** Throws before the work begins where a matrix of derivatives would be too large to hold. */
export function expectHoldable(
  operation: string,
  rows: number,
  columns: number,
  instead: string,
): void {
  const bytes = rows * columns * 8;
  if (bytes <= mostBytes) return;
  throw new DerivativeError(
    `${operation}: the matrix of derivatives would be ${rows}×${columns}, ` +
      `${(bytes / 2 ** 30).toFixed(1)} GiB of at most 1; ${instead}`,
  );
}
