import { show } from '@steepest/ground';

/** Anything with two dimensions. */
export interface Sized {
  readonly rows: number;
  readonly columns: number;
}

/** Rows and columns; a column vector is [n, 1], a scalar [1, 1]. */
export type Shape = readonly [rows: number, columns: number];

export function shapeOf(x: Sized): Shape {
  return [x.rows, x.columns];
}

/** `3×4`, as error messages print a shape. */
export function formatShape(x: Sized): string {
  return `${x.rows}×${x.columns}`;
}

export function sameShape(a: Sized, b: Sized): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}

/** The operation was given values whose shapes do not fit. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

/** The common shape of two operands: a dimension of 1 stretches to the other's. */
export function broadcastShape(operation: string, a: Sized, b: Sized): Shape {
  const rows = stretch(a.rows, b.rows);
  const columns = stretch(a.columns, b.columns);
  if (rows < 0 || columns < 0) {
    throw new ShapeError(
      `${operation}: the shapes ${formatShape(a)} and ${formatShape(b)} do not fit: ` +
        'each dimension must be equal, or 1 in one of them',
    );
  }
  return [rows, columns];
}

function stretch(m: number, n: number): number {
  if (m === n || n === 1) return m;
  return m === 1 ? n : -1;
}

/** A shape as given by a caller, who may not have heard of the types. */
export function checkedShape(operation: string, given: Shape): Shape {
  if (Array.isArray(given) && given.length === 2 && isSize(given[0]) && isSize(given[1])) {
    return given;
  }
  throw new ShapeError(
    `${operation}: the shape must be [rows, columns], two whole numbers, got ${listed(given)}; ` +
      'write [2, 3]',
  );
}

/** Whether n can count rows or columns. */
export function isSize(n: unknown): boolean {
  return Number.isInteger(n) && (n as number) >= 0;
}

/** A list as a message prints it, entry by entry. */
export function listed(given: unknown): string {
  return Array.isArray(given) ? `[${given.map(show).join(', ')}]` : show(given);
}
