import { show } from '@steepest/ground';
import { AbstractMatrix } from 'ml-matrix';
import { allocate } from './brief.ts';

/**
 * An ml-matrix matrix whose entries lie in one row-major `Float64Array`: `data[i * columns + j]`.
 *
 * Every method and decomposition of ml-matrix works on it, and an ndarray views it without a copy.
 * Throws a `RangeError` where `data` does not hold rows × columns entries, a `TypeError` where an
 * entry is no number.
 *
 * ```ts
 * const x = new FlatMatrix(2, 2, [1, 2, 3, 4]);
 * x.mmul(x).get(0, 0); // 7
 * ```
 */
export class FlatMatrix extends AbstractMatrix {
  declare readonly rows: number;
  declare readonly columns: number;
  readonly data: Float64Array;
  /** How often `set` was called: reverse mode sees by it that a saved value was changed. */
  writes = 0;

  constructor(rows: number, columns: number, data?: ArrayLike<number>) {
    super();
    if (Array.isArray(rows)) {
      throw new TypeError(
        'FlatMatrix: expected rows, columns and the entries row by row; write ' +
          'toFlatMatrix([[1, 2], [3, 4]]) for nested arrays',
      );
    }
    if (!(isSize(rows) && isSize(columns))) {
      throw new RangeError(
        `FlatMatrix: the sizes must be whole numbers, not ${show(rows)}×${show(columns)}`,
      );
    }
    this.rows = rows;
    this.columns = columns;
    if (data === undefined) {
      this.data = allocate(rows * columns);
      return;
    }
    if (data?.length !== rows * columns) {
      throw new RangeError(
        `FlatMatrix: ${rows}×${columns} needs ${rows * columns} entries, ` +
          `${show(data?.length ?? data)} were given`,
      );
    }
    if (Array.isArray(data)) checkNumbers(data);
    this.data = data instanceof Float64Array ? data : Float64Array.from(data);
  }

  get(row: number, column: number): number {
    try {
      return this.data[row * this.columns + column];
    } catch {
      throw new TypeError(
        `FlatMatrix.get: expected a row and a column, got ${show(row)} and ${show(column)}; ` +
          'write get(0, 1)',
      );
    }
  }

  set(row: number, column: number, value: number): this {
    this.data[row * this.columns + column] = value;
    this.writes++;
    return this;
  }

  /** Prints where a text is asked for; `3 * x` would be NaN, and `x + 1` a text, in silence. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new TypeError(
      `a ${this.rows}×${this.columns} FlatMatrix cannot be used with JavaScript's operators: write ` +
        'mul(3, x), add(x, 1), less(x, 1), …; item(x) is the number of a 1×1 value, String(x) its print',
    );
  }

  /** The entries, row by row, as a plain array. */
  override to1DArray(): number[] {
    return Array.from(this.data);
  }
}

function checkNumbers(entries: readonly unknown[]): void {
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (typeof entry === 'number') continue;
    const nested = Array.isArray(entry)
      ? 'write toFlatMatrix([[1, 2], [3, 4]]) for nested arrays'
      : '';
    throw new TypeError(
      `FlatMatrix: entry ${i} is ${nested === '' ? show(entry) : 'an array'}, which is not a number; ` +
        (nested || 'convert it first, or write NaN for a missing one'),
    );
  }
}

function isSize(n: number): boolean {
  return Number.isInteger(n) && n >= 0;
}

/** A matrix filled with one number. */
export function filled(rows: number, columns: number, value: number): FlatMatrix {
  const result = new FlatMatrix(rows, columns);
  if (!Object.is(value, 0)) result.data.fill(value);
  return result;
}

/** A 1×1 matrix. */
export function scalar(value: number): FlatMatrix {
  const result = new FlatMatrix(1, 1);
  result.data[0] = value;
  return result;
}
