import type { Engine } from './engine.ts';

/**
 * Pieces of an engine's memory with one owner: they return one by one, all together when it says so,
 * and by themselves once the owner is garbage.
 */
export class Holding {
  readonly #engine: Engine;
  readonly #owner: object;
  readonly #addresses: number[] = [];

  constructor(engine: Engine, owner: object) {
    this.#engine = engine;
    this.#owner = owner;
    engine.freeWith(owner, this.#addresses);
  }

  allocate(bytes: number): number {
    const address = this.#engine.allocate(bytes);
    this.#addresses.push(address);
    return address;
  }

  free(address: number): void {
    this.#addresses.splice(this.#addresses.indexOf(address), 1);
    this.#engine.free(address);
  }

  /** Returns everything; nothing of it must be used any more. */
  freeAll(): void {
    this.#engine.freeNow(this.#owner, this.#addresses);
    this.#addresses.length = 0;
  }
}
