import type { Engine } from '../memory/engine.ts';
import type { Holding } from '../memory/holding.ts';
import { ringTiles, type Threads } from '../memory/threads.ts';
import { isSource } from '../plan/node.ts';
import type { Plan } from '../plan/schedule.ts';
import type { Layout } from './place.ts';
import type { Streamed, Windows } from './windows.ts';

/**
 * Room for a few tiles of rows for each thread. The calling thread fills them from data that lies
 * outside of the memory, while the others compute on those that are full.
 *
 * A tile's number in the ring takes the place of its first row's: so all that a pipeline reads by
 * rows must be in the ring, and it must not write rows.
 */
export class Rings {
  /** Where the rows of each slot begin. */
  readonly addresses: ReadonlyMap<number, number>;
  readonly #engine: Engine;
  readonly #rowBytes: ReadonlyMap<number, number>;

  private constructor(
    engine: Engine,
    rowBytes: ReadonlyMap<number, number>,
    rows: number,
    memory: Holding,
  ) {
    this.#engine = engine;
    this.#rowBytes = rowBytes;
    const addresses = new Map<number, number>();
    for (const [slot, bytes] of rowBytes) {
      addresses.set(slot, memory.allocate(bytes * rows));
    }
    this.addresses = addresses;
  }

  /** Undefined where not all rows can be put into rings. */
  static of(
    engine: Engine,
    plan: Plan,
    layout: Layout,
    { rowBytes }: Windows,
    { count }: Threads,
    memory: Holding,
  ): Rings | undefined {
    const { all, kept } = plan.labels;
    const isElsewhere = all.some(({ node, label }) => {
      if (label !== 'fixed' && node.kind === 'operation' && node.indices) return true;
      if (label !== 'rows' || !isSource(node)) return false;
      const place = layout.places.get(node);
      return place?.kind !== 'number' && !(place?.kind === 'slot' && rowBytes.has(place.slot));
    });
    if (isElsewhere || kept.size > 0) return undefined;
    return new Rings(engine, rowBytes, count * ringTiles * layout.tileRows, memory);
  }

  get slots(): Iterable<number> {
    return this.#rowBytes.keys();
  }

  /** Copies rows of the data to a row of the rings. */
  load(streamed: readonly Streamed[], to: number, from: number, rows: number): void {
    for (const { slot, data } of streamed) {
      const columns = (this.#rowBytes.get(slot) as number) / data.BYTES_PER_ELEMENT;
      const Kind = data.constructor as Float64ArrayConstructor;
      const address = (this.addresses.get(slot) as number) + to * columns * data.BYTES_PER_ELEMENT;
      const room = new Kind(this.#engine.memory.buffer, address, rows * columns);
      room.set(data.subarray(from * columns, (from + rows) * columns) as Float64Array);
    }
  }
}
