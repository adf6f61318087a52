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

/** Some rows that one thread takes, in order, and where it adds up their totals. */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly totals: number;
}

/** The blocks of a pipeline, their totals cleared: as its own code has them, so with the same bytes. */
export function blocksOf(
  engine: Engine,
  { blockRows }: Layout,
  rows: number,
  { offset, blocks, bytes, members }: Totals,
  base: number,
): readonly Block[] {
  const first = base + offset + (blocks === 1 ? 0 : bytes);
  return Array.from({ length: blocks }, (_, block) => {
    const totals = first + block * bytes;
    for (const { node, offset } of members) {
      const entries = 2 * Math.ceil((node.rows * node.columns) / 2);
      engine.numbers(totals + offset, entries).fill(foldOf(node).start);
    }
    return { from: block * blockRows, to: Math.min(rows, (block + 1) * blockRows), totals };
  });
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
