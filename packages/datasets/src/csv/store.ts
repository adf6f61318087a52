type Typed = Float64Array | Int32Array | Int8Array;

/** How many cells a column has room for at first; a file may have very many columns. */
const firstLength = 64;

/** A typed array that grows: doubled where it is too short, or made as long as is asked for. */
export class Store<T extends Typed> {
  #values: T;
  readonly #create: (length: number) => T;

  constructor(create: (length: number) => T) {
    this.#create = create;
    this.#values = create(firstLength);
  }

  put(row: number, value: number): void {
    if (row >= this.#values.length) this.reserve(2 * row);
    this.#values[row] = value;
  }

  append(row: number, values: ArrayLike<number>): void {
    const needed = row + values.length;
    if (needed > this.#values.length) this.reserve(Math.max(needed, 2 * this.#values.length));
    this.#values.set(values, row);
  }

  reserve(length: number): void {
    if (length <= this.#values.length) return;
    const larger = this.#create(length);
    larger.set(this.#values);
    this.#values = larger;
  }

  /** The first cells: a view where little room is left over, otherwise a copy. */
  first(rows: number): T {
    const values = this.#values;
    const tight = rows >= values.length - values.length / 8;
    return (tight ? values.subarray(0, rows) : values.slice(0, rows)) as T;
  }
}
