/** A piece of memory that nobody uses: where it begins and how many bytes it has. */
interface Gap {
  address: number;
  bytes: number;
}

const alignment = 64;

/** Gives out pieces of a memory that can grow at its end; the first gap that is large enough. */
export class Allocator {
  readonly #gaps: Gap[];
  readonly #sizes = new Map<number, number>();
  readonly #grow: (bytes: number) => number;

  /** `grow` adds at least so many bytes at the end, and returns how many. */
  constructor(from: number, to: number, grow: (bytes: number) => number) {
    this.#gaps = to > from ? [{ address: from, bytes: to - from }] : [];
    this.#end = to;
    this.#grow = grow;
  }

  #end: number;

  /** The address of so many bytes, a multiple of 64. */
  allocate(bytes: number): number {
    const size = Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
    let index = this.#gaps.findIndex((gap) => gap.bytes >= size);
    if (index < 0) {
      this.#extend(size);
      index = this.#gaps.length - 1;
    }
    const gap = this.#gaps[index];
    const { address } = gap;
    gap.address += size;
    gap.bytes -= size;
    if (gap.bytes === 0) this.#gaps.splice(index, 1);
    this.#sizes.set(address, size);
    return address;
  }

  /** Returns a piece; its address must not be used again. */
  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new Error(`free: nothing was allocated at ${address}`);
    this.#sizes.delete(address);
    this.#insert({ address, bytes: size });
  }

  /** How many bytes are in use. */
  get used(): number {
    let total = 0;
    for (const size of this.#sizes.values()) total += size;
    return total;
  }

  #extend(size: number): void {
    const last = this.#gaps.at(-1);
    const atEnd = last !== undefined && last.address + last.bytes === this.#end ? last.bytes : 0;
    const added = this.#grow(size - atEnd);
    this.#insert({ address: this.#end, bytes: added });
    this.#end += added;
  }

  /** Keeps gaps in the order of their addresses and joins neighbours. */
  #insert(gap: Gap): void {
    let low = 0;
    let high = this.#gaps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#gaps[middle].address < gap.address) low = middle + 1;
      else high = middle;
    }
    const before = this.#gaps[low - 1];
    const next = this.#gaps[low];
    if (before !== undefined && before.address + before.bytes === gap.address) {
      before.bytes += gap.bytes;
      if (next !== undefined && before.address + before.bytes === next.address) {
        before.bytes += next.bytes;
        this.#gaps.splice(low, 1);
      }
    } else if (next !== undefined && gap.address + gap.bytes === next.address) {
      next.address = gap.address;
      next.bytes += gap.bytes;
    } else {
      this.#gaps.splice(low, 0, gap);
    }
  }
}
