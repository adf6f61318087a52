import { argument, option, required, wholeNumber } from '@steepest/ground';

const size = required(wholeNumber(0));
const numbers = required(
  option<ArrayLike<number>>({
    expected: 'a list of numbers',
    accepts: (x) =>
      Array.isArray(x)
        ? x.every((entry) => typeof entry === 'number')
        : ArrayBuffer.isView(x) && typeof (x as Float64Array)[0] !== 'bigint' && 'length' in x,
    advice: 'see the doc comment of SparseMatrix for what each holds',
  }),
);

/**
 * A matrix of which most entries are zero, in compressed sparse rows: row i has `values[k]` in column
 * `columnsOf[k]` for `starts[i]` ≤ k < `starts[i + 1]`; columns that repeat add up.
 *
 * As data of a compiled function it takes part in X·W and Xᵀ·R, in time proportional to its values
 * (times the columns of W or R). Anywhere else, and in the function itself, it is an ordinary matrix
 * that is read entry by entry. Throws a RangeError where the arrays do not fit together,
 * a TypeError where one is no list of numbers.
 *
 * ```ts
 * const X = new SparseMatrix(2, 1000, [3, 4], [7, 999], [0, 1, 2]); // 3 at (0, 7), 4 at (1, 999)
 * step({ w }, { X, y });
 * ```
 */
export class SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
  readonly columnsOf: Int32Array;
  readonly starts: Int32Array;

  constructor(
    rows: number,
    columns: number,
    values: ArrayLike<number>,
    columnsOf: ArrayLike<number>,
    starts: ArrayLike<number>,
  ) {
    this.rows = argument('SparseMatrix', 'rows', rows, size);
    this.columns = argument('SparseMatrix', 'columns', columns, size);
    argument('SparseMatrix', 'values', values, numbers);
    argument('SparseMatrix', 'columnsOf', columnsOf, numbers);
    argument('SparseMatrix', 'starts', starts, numbers);
    this.values = values instanceof Float64Array ? values : Float64Array.from(values);
    this.columnsOf = columnsOf instanceof Int32Array ? columnsOf : Int32Array.from(columnsOf);
    this.starts = starts instanceof Int32Array ? starts : Int32Array.from(starts);
    this.#check();
  }

  get(row: number, column: number): number {
    let entry = 0;
    for (let k = this.starts[row]; k < this.starts[row + 1]; k++) {
      if (this.columnsOf[k] === column) entry += this.values[k];
    }
    return entry;
  }

  /** The first rows, without a copy of their values. */
  firstRows(rows: number): SparseMatrix {
    const count = this.starts[rows];
    return new SparseMatrix(
      rows,
      this.columns,
      this.values.subarray(0, count),
      this.columnsOf.subarray(0, count),
      this.starts.subarray(0, rows + 1),
    );
  }

  #check(): void {
    const { rows, columns, values, columnsOf, starts } = this;
    const { length } = values;
    if (columnsOf.length !== length || starts.length !== rows + 1) {
      throw new RangeError(
        `SparseMatrix: ${length} values need as many columns and ${rows + 1} starts, ` +
          `there are ${columnsOf.length} and ${starts.length}`,
      );
    }
    for (let i = 0; i < rows; i++) {
      if (starts[i] > starts[i + 1])
        throw new RangeError(`SparseMatrix: row ${i} ends before it starts`);
    }
    if (starts[0] !== 0 || starts[rows] !== length) {
      throw new RangeError(`SparseMatrix: the starts must go from 0 to ${length}`);
    }
    for (let k = 0; k < length; k++) {
      if (!(columnsOf[k] >= 0 && columnsOf[k] < columns)) {
        throw new RangeError(`SparseMatrix: value ${k} is in column ${columnsOf[k]} of ${columns}`);
      }
    }
  }
}
