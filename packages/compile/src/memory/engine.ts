import { features, maximumPages, type WasmMemory, webAssembly } from '@steepest/wasm';
import { createKernels, gemmScratchBytes, type Kernels } from '../kernels/index.ts';
import { Allocator } from './allocator.ts';
import { type Pin, pinOf } from './pin.ts';

/** The engine's memory has no room for a program or its data. */
export class MemoryError extends Error {
  override name = 'MemoryError';
}

/** Data in an engine's memory. */
export interface Held<T> {
  /** The same entries; programs read these in place. */
  readonly view: T;
  readonly address: number;
  /** Gives the memory back; the view is an ordinary one then. */
  release(): void;
}

const pageBytes = 65536;
const initialPages = 64;
/** Bytes in use beyond which no more are lent: their arrays weigh nothing to the garbage collector. */
const mostLent = 2 ** 30;

/** One linear memory, the kernels over it, and who uses which part of it. */
export class Engine {
  readonly shared: boolean;
  /** Whether products and sums are fused where that is faster. */
  readonly relaxed: boolean;
  readonly memory: WasmMemory;
  readonly kernels: Kernels;
  readonly #allocator: Allocator;
  readonly #copies = new WeakMap<Pin, number>();
  readonly #held = new WeakMap<Float64Array | Float32Array | Int32Array, number>();
  readonly #lent = new WeakSet<ArrayBufferLike>();
  /** Where memory begins that was never given out: it holds zeros. */
  #untouched = 64;
  #product: number | undefined;

  constructor(shared: boolean, relaxed: boolean) {
    if (webAssembly === undefined) throw new Error('engine: this runtime has no WebAssembly');
    this.shared = shared;
    this.relaxed = relaxed;
    this.memory = new webAssembly.Memory(
      shared ? { initial: initialPages, maximum: maximumPages, shared } : { initial: initialPages },
    );
    this.kernels = createKernels(this.memory, { shared, relaxed });
    // Address 0 stays unused, and so do the last bytes of the 4 GB, whose end would be address 0.
    this.#allocator = new Allocator(64, initialPages * pageBytes, (bytes) => this.#grow(bytes));
  }

  allocate(bytes: number): number {
    const address = this.#allocator.allocate(bytes);
    this.#untouched = Math.max(this.#untouched, address + bytes);
    return address;
  }

  free(address: number): void {
    this.#allocator.free(address);
  }

  get usedBytes(): number {
    return this.#allocator.used;
  }

  /** Scratch memory for matrix products of the main thread. */
  get product(): number {
    this.#product ??= this.allocate(gemmScratchBytes);
    return this.#product;
  }

  /** Float64 entries at an address; only until the memory grows. */
  numbers(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length);
  }

  /**
   * An array of zeros in this memory, which returns when the array and all views of its buffer are
   * garbage; undefined where there is no room, or where growth would detach it.
   */
  lend(length: number): Float64Array | undefined {
    const bytes = 8 * length;
    if (!this.shared || length === 0 || this.usedBytes + bytes > mostLent) return undefined;
    const untouched = this.#untouched;
    let address: number;
    try {
      address = this.allocate(bytes);
    } catch (error) {
      if (error instanceof MemoryError) return undefined;
      throw error;
    }
    // Growth, by nothing too, makes another buffer object: this one belongs to the array alone.
    this.memory.grow(0);
    const { buffer } = this.memory;
    this.memory.grow(0);
    if (buffer === this.memory.buffer) {
      this.free(address);
      return undefined;
    }
    this.#lent.add(buffer);
    this.freeWith(buffer, [address]);
    const array = new Float64Array(buffer, address, length);
    if (address < untouched) array.fill(0);
    return array;
  }

  /** Whether data is an array that this engine lent, or a view of its buffer. */
  lends({ buffer }: ArrayBufferView): boolean {
    return this.#lent.has(buffer);
  }

  /** Where lent or pinned data lies in this memory, the latter copied on first use; else undefined. */
  pinned(data: Float64Array | Float32Array | Int32Array): number | undefined {
    if (this.lends(data)) return data.byteOffset;
    const held = this.#held.get(data);
    if (held !== undefined) return held;
    const pin = pinOf(data);
    if (pin === undefined) return undefined;
    let address = this.#copies.get(pin);
    if (address === undefined) {
      const length = pin.end - pin.begin;
      address = this.allocate(length);
      const bytes = new Uint8Array(data.buffer, pin.begin, length);
      new Uint8Array(this.memory.buffer, address, length).set(bytes);
      const copy = address;
      this.#copies.set(pin, copy);
      this.freeWith(pin, [copy]);
      pin.releases.push(() => {
        if (this.#copies.delete(pin)) this.freeNow(pin, [copy]);
      });
    }
    return address + data.byteOffset - pin.begin;
  }

  /**
   * Takes data over until it is released: programs find the returned view of it, and only that, in
   * this memory. The data must not change meanwhile.
   */
  hold<T extends Float64Array | Float32Array>(data: T): Held<T> {
    const known = this.pinned(data);
    if (known !== undefined) return { view: data, address: known, release: () => {} };
    const address = this.allocate(data.byteLength);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(this.memory.buffer, address, data.byteLength).set(bytes);
    const view = data.subarray() as T;
    this.#held.set(view, address);
    const release = (): void => {
      if (this.#held.delete(view)) this.free(address);
    };
    return { view, address, release };
  }

  /** Frees addresses once an object is gone. */
  freeWith(owner: object, addresses: readonly number[]): void {
    returned.register(owner, { allocator: this.#allocator, addresses }, owner);
  }

  /** Frees them now. */
  freeNow(owner: object, addresses: readonly number[]): void {
    returned.unregister(owner);
    for (const address of addresses) this.free(address);
  }

  #grow(bytes: number): number {
    const have = this.memory.buffer.byteLength / pageBytes;
    const least = Math.ceil(bytes / pageBytes);
    const most = maximumPages - 1 - have;
    if (least > most) throw new MemoryError(`${megabytes(bytes)} more do not fit into 4 GB`);
    const pages = Math.min(most, Math.max(least, have));
    try {
      this.memory.grow(pages);
    } catch {
      throw new MemoryError(`the runtime has no ${megabytes(pages * pageBytes)} more for it`);
    }
    return pages * pageBytes;
  }
}

const returned = new FinalizationRegistry<{
  readonly allocator: Allocator;
  readonly addresses: readonly number[];
}>(({ allocator, addresses }) => {
  for (const address of addresses) allocator.free(address);
});

const common = new Map<boolean, Engine>();

/**
 * The engine of programs without threads; undefined where the runtime has no WebAssembly SIMD.
 * `relaxed`: with fused multiply-add, where the runtime has that.
 */
export function commonEngine(relaxed = false): Engine | undefined {
  if (!features().simd) return undefined;
  const fused = relaxed && features().relaxedSimd;
  const engine = common.get(fused) ?? new Engine(false, fused);
  common.set(fused, engine);
  return engine;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
