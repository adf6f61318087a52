import type { Staged } from './cells.ts';

type Typed = Float64Array | Int32Array | Int8Array;

interface Kind<T extends Typed> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): T;
  new (buffer: SharedArrayBuffer): T;
}

/** So many cells are copied faster one by one. */
const fewCells = 64;

/** How many cells a column has room for at first; a file may have very many columns. */
const firstLength = 64;

/** A typed array that grows: doubled where it is too short, or made as long as is asked for. */
export class Store<T extends Typed> {
  #values: T;
  readonly #kind: Kind<T>;

  constructor(kind: Kind<T>) {
    this.#kind = kind;
    this.#values = new kind(firstLength);
  }

  put(row: number, value: number): void {
    if (row >= this.#values.length) this.reserve(2 * row);
    this.#values[row] = value;
  }

  append(row: number, { values, from, to }: Staged): void {
    const cells = values as Float64Array | Int32Array;
    const end = row + to - from;
    if (end > this.#values.length) this.reserve(Math.max(end, 2 * this.#values.length));
    if (to - from > fewCells) this.#values.set(cells.subarray(from, to), row);
    else for (let i = from, at = row; i < to; i++, at++) this.#values[at] = cells[i];
  }

  reserve(length: number): void {
    if (length > this.#values.length) this.#moveTo(new this.#kind(length));
  }

  /** Moves the cells into memory that threads share, with room for so many rows. */
  share(length: number): SharedArrayBuffer {
    const buffer = new SharedArrayBuffer(length * this.#kind.BYTES_PER_ELEMENT);
    this.#moveTo(new this.#kind(buffer));
    return buffer;
  }

  /** Stores into memory that another thread has made. */
  use(buffer: SharedArrayBuffer): void {
    this.#values = new this.#kind(buffer);
  }

  #moveTo(larger: T): void {
    larger.set(this.#values);
    this.#values = larger;
  }

  get values(): T {
    return this.#values;
  }

  /** The first cells: a view where little room is left over, otherwise a copy. */
  first(rows: number): T {
    const values = this.#values;
    const tight = rows >= values.length - values.length / 8;
    return (tight ? values.subarray(0, rows) : values.slice(0, rows)) as T;
  }
}
