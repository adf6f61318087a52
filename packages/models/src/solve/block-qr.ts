import type { ColumnMajor } from '@steepest/optim/linear-algebra';

/**
 * R of the QR factorization of all rows that are put in, by Householder reflections of some rows at a
 * time: only R stays, so memory is p×p whatever the number of rows (Golub and Van Loan, 5.2).
 */
export class RowwiseQr {
  readonly #columns: number;
  readonly #height: number;
  /** Columns one after the other: R's p rows, and room for rows below them. */
  readonly #data: Float64Array;
  #filled = 0;

  constructor(columns: number) {
    this.#columns = columns;
    this.#height = columns + 256;
    this.#data = new Float64Array(columns * this.#height);
  }

  /** One more row, read from `entry(j)`. */
  add(entry: (j: number) => number): void {
    const at = this.#columns + this.#filled;
    for (let j = 0; j < this.#columns; j++) this.#data[j * this.#height + at] = entry(j);
    if (++this.#filled === 256) this.#reduce();
  }

  /** R, p×p, zeros below its diagonal. */
  r(): ColumnMajor {
    this.#reduce();
    const p = this.#columns;
    const data = new Float64Array(p * p);
    for (let j = 0; j < p; j++) {
      data.set(this.#data.subarray(j * this.#height, j * this.#height + j + 1), j * p);
    }
    return { data, rows: p, columns: p };
  }

  #reduce(): void {
    const [a, height, p] = [this.#data, this.#height, this.#columns];
    const end = p + this.#filled;
    if (this.#filled === 0) return;
    for (let k = 0; k < p; k++) {
      // The column of R has its diagonal entry, then zeros down to row p, then the new rows.
      const diagonal = k * height + k;
      let square = a[diagonal] ** 2;
      for (let i = k * height + p; i < k * height + end; i++) square += a[i] * a[i];
      const length = Math.sqrt(square);
      if (length === 0) continue;
      const result = a[diagonal] > 0 ? -length : length;
      const head = a[diagonal] - result;
      const scale = -result * head;
      for (let j = k + 1; j < p; j++) {
        const to = j * height;
        let inner = head * a[to + k];
        for (let i = p; i < end; i++) inner += a[k * height + i] * a[to + i];
        const factor = inner / scale;
        a[to + k] -= factor * head;
        for (let i = p; i < end; i++) a[to + i] -= factor * a[k * height + i];
      }
      a[diagonal] = result;
    }
    this.#filled = 0;
  }
}
