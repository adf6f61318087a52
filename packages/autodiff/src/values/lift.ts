import type { AbstractMatrix, Matrix } from 'ml-matrix';
import { Tracer } from '../primitive/tracer.ts';
import { FlatMatrix, scalar } from './flat-matrix.ts';
import type { NdArrayLike, Operand, Value } from './operand.ts';

/** An operand as the value that operations work on; a FlatMatrix and a tracer are kept as is. */
export function lift(x: Operand, operation = 'lift'): Value {
  if (x instanceof FlatMatrix || x instanceof Tracer) return x;
  if (typeof x === 'number') return scalar(x);
  if (Array.isArray(x)) throw notAnOperand(x, operation);
  return toFlatMatrix(x, operation);
}

/**
 * Any matrix (by structure: another copy of ml-matrix will do), number, ndarray or array of rows as
 * a FlatMatrix; a FlatMatrix is returned as it is, an ndarray without gaps shares its memory,
 * everything else is copied.
 *
 * ```ts
 * toFlatMatrix([[1, 2], [3, 4]]); // 2×2
 * ```
 */
export function toFlatMatrix(x: unknown, operation = 'toFlatMatrix'): FlatMatrix {
  if (x instanceof FlatMatrix) return x;
  if (typeof x === 'number') return scalar(x);
  if (isMatrix(x)) {
    if (isStranger(x)) throw ofAnotherCopy(operation);
    return fromMatrix(x);
  }
  if (isNdArray(x)) return fromNdArray(x, operation);
  if (Array.isArray(x) && Array.isArray(x[0])) return fromRows(x, operation);
  throw notAnOperand(x, operation);
}

/** Whether another copy of this package follows a value: its tracers are none of ours. */
function isStranger(x: object): boolean {
  return 'lower' in x && 'level' in x && !(x instanceof Tracer);
}

function ofAnotherCopy(operation: string): TypeError {
  return new TypeError(
    `${operation}: this value is followed by another copy of @steepest/autodiff, so that its ` +
      'derivative would be lost; install one version only (npm ls @steepest/autodiff shows them)',
  );
}

function notAnOperand(x: unknown, operation: string): TypeError {
  return new TypeError(
    `${operation}: expected a matrix, a number or an ndarray, got ${describe(x)}` +
      (Array.isArray(x)
        ? '; write new FlatMatrix(rows, columns, entries), or toFlatMatrix([[1, 2], [3, 4]])'
        : ''),
  );
}

function fromRows(rows: readonly unknown[], operation: string): FlatMatrix {
  const columns = (rows[0] as readonly unknown[]).length;
  for (const [i, row] of rows.entries()) {
    if (Array.isArray(row) && row.length === columns) continue;
    throw new TypeError(
      `${operation}: row ${i} is ${Array.isArray(row) ? `of ${row.length}` : describe(row)}, row 0 ` +
        `has ${columns} entries; all rows must have as many`,
    );
  }
  return new FlatMatrix(rows.length, columns, rows.flat() as number[]);
}

/** Whether a value is a leaf of a tree: a matrix, a tracer, an ndarray or a number. */
export function isLeaf(x: unknown): x is Operand {
  return typeof x === 'number' || x instanceof Tracer || isMatrix(x) || isNdArray(x);
}

/** Has rows, columns and get: ml-matrix's AbstractMatrix, whichever copy of it made the value. */
export function isMatrix(x: unknown): x is AbstractMatrix {
  if (x instanceof FlatMatrix) return true;
  return (
    typeof x === 'object' &&
    x !== null &&
    typeof (x as AbstractMatrix).rows === 'number' &&
    typeof (x as AbstractMatrix).columns === 'number' &&
    typeof (x as AbstractMatrix).get === 'function'
  );
}

export function isNdArray(x: unknown): x is NdArrayLike {
  if (typeof x !== 'object' || x === null) return false;
  const { data, shape, stride, offset } = x as NdArrayLike;
  return (
    typeof data === 'object' &&
    data !== null &&
    Array.isArray(shape) &&
    Array.isArray(stride) &&
    typeof offset === 'number'
  );
}

function fromMatrix(x: AbstractMatrix): FlatMatrix {
  const { rows, columns } = x;
  const result = new FlatMatrix(rows, columns);
  const out = result.data;
  const stored = (x as Matrix & { data?: unknown }).data;
  if (Array.isArray(stored) && stored.length === rows && stored[0] instanceof Float64Array) {
    for (let i = 0; i < rows; i++) out.set(stored[i], i * columns);
    return result;
  }
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[k++] = x.get(i, j);
  }
  return result;
}

function fromNdArray(x: NdArrayLike, operation: string): FlatMatrix {
  const { shape, stride, offset, data } = x;
  if (shape.length > 2) {
    throw new TypeError(
      `${operation}: an ndarray must have 1 or 2 dimensions, this one has ${shape.length}`,
    );
  }
  const [rows = 1, columns = 1] = shape;
  const [down = 0, right = 0] = stride;
  const size = rows * columns;
  if (data instanceof Float64Array && (right === 1 || columns === 1)) {
    const step = columns === 1 ? 1 : columns;
    // Row-major and without gaps: a view of the same memory, no copy.
    if (down === step || rows === 1) {
      return new FlatMatrix(rows, columns, data.subarray(offset, offset + size));
    }
  }
  const read = 'get' in data ? (k: number) => data.get(k) : (k: number) => data[k];
  const result = new FlatMatrix(rows, columns);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result.data[k++] = read(offset + i * down + j * right);
  }
  return result;
}

export function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  if (Array.isArray(x)) return `an array of ${x.length}`;
  if (typeof x === 'object') return `an object of ${x.constructor?.name ?? 'no class'}`;
  if (typeof x === 'function') return 'a function';
  return `${typeof x} ${String(x)}`;
}
