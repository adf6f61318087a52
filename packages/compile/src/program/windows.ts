import type { Engine } from '../memory/engine.ts';
import type { Holding } from '../memory/holding.ts';
import { isSparse, type PlanNode, rowBytes } from '../plan/node.ts';
import type { Plan } from '../plan/schedule.ts';
import { foldOf } from './accumulation.ts';
import type { Layout, Totals } from './place.ts';

/** An argument that is copied piece by piece: its slot, and its entries. */
export interface Streamed {
  readonly slot: number;
  readonly data: Float64Array | Float32Array;
}

/** Bytes of a window: what stays in a cache while its tiles are computed. */
export const mostWindowBytes: number = 1024 * 1024;

/**
 * The arguments that pipelines read tile by tile and nothing reads as a whole: of these, the memory
 * needs to hold a window of some tiles only. The address in a slot is then where row 0 would be
 * (modulo 2³²), so that the program finds the rows of the window where it always looks for them.
 */
export class Windows {
  /** The bytes of one row, by slot. */
  readonly rowBytes: ReadonlyMap<number, number>;
  /** Rows of a window: whole tiles. */
  readonly rows: number;
  readonly #engine: Engine;
  readonly #memory: Holding;
  readonly #addresses = new Map<number, number>();

  constructor(engine: Engine, plan: Plan, layout: Layout, held: Holding, bytes: number) {
    this.#engine = engine;
    this.#memory = held;
    this.rowBytes = streamable(plan, layout);
    const { tileRows } = layout;
    const tiles = Math.floor(Math.min(bytes, mostWindowBytes) / (this.bytesPerRow * tileRows));
    this.rows = tileRows * Math.max(1, tiles);
  }

  /** The bytes of one row of all these arguments. */
  get bytesPerRow(): number {
    return [...this.rowBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Copies the rows of a window that begins at row `from`; returns what each slot must hold. */
  load(streamed: readonly Streamed[], from: number): number[] {
    const addresses = streamed.map(({ slot }) => this.#addressOf(slot));
    return streamed.map(({ slot, data }, i) => {
      const bytes = this.rowBytes.get(slot) as number;
      const begin = Math.min(data.byteLength, from * bytes);
      const length = Math.min(data.byteLength - begin, this.rows * bytes);
      const rows = new Uint8Array(data.buffer, data.byteOffset + begin, length);
      new Uint8Array(this.#engine.memory.buffer, addresses[i], length).set(rows);
      return addresses[i] - from * bytes;
    });
  }

  #addressOf(slot: number): number {
    let address = this.#addresses.get(slot);
    if (address === undefined) {
      address = this.#memory.allocate(this.rows * (this.rowBytes.get(slot) as number));
      this.#addresses.set(slot, address);
    }
    return address;
  }
}

/**
 * Runs one pipeline tile by tile, as its code does: blocks in their order, each with its own totals,
 * so that the result has the same bytes. `load` is called before the first tile of each window.
 */
export function runInWindows(pipeline: {
  readonly engine: Engine;
  readonly layout: Layout;
  readonly rows: number;
  readonly totals: Totals;
  /** Where the program's own memory begins. */
  readonly base: number;
  readonly windowRows: number;
  readonly load: (from: number) => void;
  readonly tile: (start: number, rows: number, totals: number) => void;
}): void {
  const { engine, layout, rows, totals, base, windowRows, load, tile } = pipeline;
  const { tileRows, blockRows } = layout;
  const first = base + totals.offset + (totals.blocks === 1 ? 0 : totals.bytes);
  for (let block = 0; block < totals.blocks; block++) {
    const sums = first + block * totals.bytes;
    for (const { node, offset } of totals.members) {
      const entries = 2 * Math.ceil((node.rows * node.columns) / 2);
      engine.numbers(sums + offset, entries).fill(foldOf(node).start);
    }
    const end = Math.min(rows, (block + 1) * blockRows);
    for (let start = block * blockRows; start < end; start += tileRows) {
      if (start % windowRows === 0) load(start);
      tile(start, Math.min(tileRows, end - start), sums);
    }
  }
}

function streamable({ labels, outputs }: Plan, { places, slots }: Layout): Map<number, number> {
  const whole = new Set<PlanNode>(outputs.map(({ node }) => node));
  for (const { node, uses } of labels.all) {
    node.inputs.forEach((input, i) => {
      if (uses[i] === 'whole') whole.add(input);
    });
  }
  const found = new Map<number, number>();
  const others = new Set<number>();
  for (const { node, label } of labels.all) {
    const place = places.get(node);
    if (node.kind !== 'input' || place?.kind !== 'slot') continue;
    const inTiles = label === 'rows' && !whole.has(node) && !isSparse(node);
    if (inTiles && slots[place.slot].part === 'entries') found.set(place.slot, rowBytes(node));
    else others.add(place.slot);
  }
  for (const slot of others) found.delete(slot);
  return found;
}
