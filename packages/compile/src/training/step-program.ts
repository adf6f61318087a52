import { FlatMatrix, leavesOf, toFlatMatrix } from '@steepest/autodiff';
import type { AnyFunction } from '../calling/recorded.ts';
import { recordCall } from '../calling/recording.ts';
import {
  filledIn,
  fits,
  formsOf,
  isSingle,
  type Leaf,
  type MatrixLike,
  type Skeleton,
  singleEntries,
  sizeOf,
  skeletonOf,
} from '../calling/skeleton.ts';
import { commonEngine, type Engine } from '../memory/engine.ts';
import { planned } from '../plan/schedule.ts';
import { settledOutputs, translate } from '../plan/translate.ts';
import { layoutOf } from '../program/layout.ts';
import { Program } from '../program/program.ts';
import { leavesIn } from './batches.ts';
import { type Fed, type Gathered, trainingLoop } from './loop.ts';

/** One program: steps with batches of one height. */
export class StepProgram {
  readonly #skeleton: Skeleton;
  readonly #engine: Engine;
  readonly #program: Program;
  readonly #outputs: Skeleton;
  /** Which leaves of the data are gathered, in the order of the loop's sources. */
  readonly #gathered: readonly { readonly leaf: number; readonly limit: number }[];
  readonly #firstLeaves: number;
  readonly #fedLeaves: number;

  constructor(step: AnyFunction, args: unknown[], rows: number) {
    const engine = commonEngine();
    if (engine === undefined) throw new TypeError('compileTraining: needs WebAssembly with SIMD');
    this.#engine = engine;
    this.#skeleton = skeletonOf(args) as Skeleton;
    const leaves: Leaf[] = [];
    if (typeof this.#skeleton === 'string' || !fits(this.#skeleton, args, leaves)) {
      throw new TypeError(`compileTraining: ${String(this.#skeleton)}`);
    }
    const [before] = (this.#skeleton as { items: Skeleton[] }).items;
    this.#firstLeaves = leavesOf(args[0]).length;
    this.#fedLeaves = this.#firstLeaves - 1;
    const recorded = recordCall(step, this.#skeleton, leaves);
    if (typeof recorded === 'string') throw new TypeError(`compileTraining: ${recorded}`);
    const outputs = settledOutputs(translate(recorded, formsOf(leaves)));
    const plan = planned(outputs, this.#firstLeaves);
    const { slots } = layoutOf(plan);
    const gathered: (Gathered & { leaf: number })[] = [];
    slots.forEach(({ leaf, part }, slot) => {
      const indices = part === 'indices';
      const given = leaves[leaf];
      if (leaf < this.#firstLeaves || typeof given === 'number') return;
      const [height, columns] = ArrayBuffer.isView(given)
        ? [(given as Int32Array).length, 0]
        : sizeOf(given as MatrixLike);
      const bytes = indices || ArrayBuffer.isView(given) || isSingle(given) ? 4 : 8;
      if (height === rows) {
        gathered.push({ slot, leaf, rowBytes: indices ? 4 : bytes * Math.max(1, columns) });
      }
    });
    const fed: Fed[] = outputs.slice(0, this.#fedLeaves).flatMap((output, leaf) => {
      const slot = slots.findIndex((s) => s.leaf === leaf && s.part === 'entries');
      return slot < 0 ? [] : [{ output, slot }];
    });
    const rateSlot = slots.findIndex((s) => s.leaf === this.#firstLeaves - 1);
    const extension = trainingLoop({
      batchRows: rows,
      gathered,
      fed,
      rateSlot: rateSlot < 0 ? undefined : rateSlot,
      value: outputs[outputs.length - 1].node,
    });
    this.#program = new Program(plan, engine, {}, extension);
    this.#gathered = gathered.map(({ leaf, slot }) => ({
      leaf: leaf - this.#firstLeaves,
      limit: slots[slot].part === 'indices' ? this.#program.limitOf(slot) : 0,
    }));
    const state = before as Extract<Skeleton, { kind: 'object' }>;
    this.#outputs = {
      kind: 'object',
      keys: state.keys.slice(0, 2),
      items: state.items.slice(0, 2),
    };
  }

  fits(args: unknown[]): boolean {
    return fits(this.#skeleton, args, []);
  }

  dispose(): void {
    this.#program.dispose();
  }

  run(
    args: unknown[],
    data: unknown,
    rows: number,
    order: Int32Array,
    { rates, losses }: { readonly rates: Float64Array; readonly losses: Float64Array },
  ): unknown {
    const leaves: Leaf[] = [];
    fits(this.#skeleton, args, leaves);
    const engine = this.#engine;
    const owned: number[] = [];
    const reserve = (bytes: number): number => {
      owned.push(engine.allocate(bytes));
      return owned[owned.length - 1];
    };
    try {
      const given = leavesIn(data);
      const from = this.#gathered.map(({ leaf, limit }) =>
        this.#source(given[leaf], rows, limit, reserve),
      );
      const sources = reserve(4 * Math.max(1, from.length));
      const numbers = reserve(4 * order.length);
      const ratesAt = reserve(8 * rates.length);
      const lossesAt = reserve(8 * losses.length);
      const call = (): void => {
        const words = (at: number, length: number) =>
          new Int32Array(engine.memory.buffer, at, length);
        words(sources, from.length).set(from);
        words(numbers, order.length).set(order);
        engine.numbers(ratesAt, rates.length).set(rates);
        const train = this.#program.exports.train as (...at: number[]) => void;
        train(sources, numbers, numbers + 4 * order.length, ratesAt, lossesAt);
        losses.set(engine.numbers(lossesAt, losses.length));
      };
      const results = this.#program.runWith(leaves, call);
      if (results === undefined)
        throw new Error('compileTraining: it was called from within itself');
      return filledIn(
        this.#outputs,
        results.slice(0, this.#fedLeaves).map((entries, i) => {
          const leaf = leaves[i];
          if (typeof leaf === 'number') return entries[0];
          return new FlatMatrix((leaf as FlatMatrix).rows, (leaf as FlatMatrix).columns, entries);
        }),
      );
    } finally {
      for (const address of owned) engine.free(address);
    }
  }

  /** The address of all rows of a leaf: pinned, or copied for this call. */
  #source(leaf: Leaf, rows: number, limit: number, reserve: (bytes: number) => number): number {
    if (limit > 0 || ArrayBuffer.isView(leaf)) {
      const entries = ArrayBuffer.isView(leaf)
        ? (leaf as Int32Array)
        : toFlatMatrix(leaf as FlatMatrix).data;
      const at = reserve(4 * rows);
      const to = new Int32Array(this.#engine.memory.buffer, at, rows);
      for (let i = 0; i < rows; i++) {
        if (!(entries[i] >= 0 && entries[i] < limit)) {
          throw new RangeError(
            `compileTraining: index ${i} is ${entries[i]}; it must be a whole number below ${limit}`,
          );
        }
        to[i] = entries[i];
      }
      return at;
    }
    const single = typeof leaf === 'object' && isSingle(leaf);
    const data = single ? singleEntries(leaf) : toFlatMatrix(leaf as FlatMatrix).data;
    const pinned = this.#engine.pinned(data);
    if (pinned !== undefined) return pinned;
    const at = reserve(data.byteLength);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(this.#engine.memory.buffer, at, data.byteLength).set(bytes);
    return at;
  }
}
