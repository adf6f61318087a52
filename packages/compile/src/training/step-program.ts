import { FlatMatrix, TreeDef, toFlatMatrix } from '@steepest/autodiff';
import type { Standing, Stepper, Stretch } from '@steepest/optim';
import type { AnyFunction } from '../calling/recorded.ts';
import { fits, isSingle, type Leaf, type MatrixLike, sizeOf } from '../calling/skeleton.ts';
import type { Engine } from '../memory/engine.ts';
import { Holding } from '../memory/holding.ts';
import type { Threads } from '../memory/threads.ts';
import { layoutOf } from '../program/layout.ts';
import type { Argument } from '../program/place.ts';
import { Program } from '../program/program.ts';
import { DataError, type HeldData } from './data.ts';
import { noteBytes, trainingLoop } from './loop.ts';
import { beforeOf, type RecordedStep, recordedStep } from './recorded-step.ts';

export interface StepOptions {
  readonly threads?: Threads | undefined;
  readonly tileRows?: number | undefined;
}

/** What is gathered for each step: where its rows are in the data, and where the batch's go. */
interface GatheredLeaf {
  readonly slot: number;
  /** Among the leaves of the data. */
  readonly leaf: number;
  readonly rowBytes: number;
  readonly indices: boolean;
  /** Where a batch's rows are put. */
  readonly batch: number;
}

/** So many steps at once. */
export interface Steps {
  readonly steps: number;
  /** The rows of their batches; none where each step sees all data. */
  readonly order: Int32Array;
  /** No step is taken where the gradient's norm is at most this. */
  readonly tolerance: number;
}

/** Steps of one optimizer with batches of one height, as one program. */
export class StepProgram {
  readonly #by: Stepper;
  readonly #data: HeldData;
  readonly #engine: Engine;
  readonly #step: RecordedStep;
  readonly #program: Program;
  readonly #gathered: readonly GatheredLeaf[];
  /** Where parameters and state lie between steps, by leaf, and the slots that point there. */
  readonly #homes: readonly number[];
  readonly #slots: readonly number[];
  readonly #numberSlots: readonly { readonly slot: number; readonly index: number }[];
  readonly #sample: unknown;
  /** The structure of parameters and state. */
  readonly #kept: TreeDef<readonly [params: unknown, state: unknown]>;
  readonly #memory: Holding;

  /**
   * `height`: rows of a batch; without, every step sees all data. Throws a NotRecorded where the loss
   * or the optimizer's formula cannot be recorded, a MemoryError, or what the loss throws.
   */
  constructor(
    loss: AnyFunction,
    by: Stepper,
    from: Standing<unknown>,
    data: HeldData,
    engine: Engine,
    { height, ...options }: StepOptions & { readonly height?: number | undefined },
  ) {
    this.#by = by;
    this.#data = data;
    this.#engine = engine;
    this.#memory = new Holding(engine, this);
    const sample = height === undefined ? data.batch : data.sample(height);
    const step = recordedStep(loss, by, from, sample);
    this.#step = step;
    this.#sample = sample;
    this.#kept = TreeDef.of([from.params, from.state] as const);
    const { slots } = layoutOf(step.plan, options);
    const slotOf = (leaf: number): number =>
      slots.findIndex((s) => s.leaf === leaf && s.part === 'entries');
    this.#homes = step.next.map(({ rows, columns }) => this.#memory.allocate(8 * rows * columns));
    this.#slots = step.next.map((_, leaf) => slotOf(leaf));
    this.#gathered = height === undefined ? [] : this.#gatheredOf(slots, height);
    const numbers = Array.from({ length: step.firstLeaves - step.fedLeaves }, (_, index) => ({
      slot: slotOf(step.fedLeaves + index),
      index,
    }));
    this.#numberSlots = numbers.filter(({ slot }) => slot >= 0);
    const extension = trainingLoop({
      batchRows: height ?? 0,
      gathered: this.#gathered,
      fed: step.next.flatMap((node, leaf) => {
        const isArgument = node.kind === 'input';
        if (isArgument && node.leaf === leaf) return [];
        const aside = isArgument ? this.#memory.allocate(8 * node.rows * node.columns) : undefined;
        return [{ node, to: this.#homes[leaf], aside }];
      }),
      numbers: this.#numberSlots,
      numbersPerStep: numbers.length,
      value: step.value,
      squares: step.squares,
      moved: step.moved,
    });
    this.#program = new Program(step.plan, engine, options, extension);
  }

  /** Whether a step of this optimizer from here has the structure and the sizes of those that this program takes. */
  fits(by: Stepper, from: Standing<unknown>): boolean {
    return by === this.#by && this.#leavesOf(from) !== undefined;
  }

  dispose(): void {
    this.#program.dispose();
    this.#memory.freeAll();
  }

  /** Takes steps, as many as are plain sailing. */
  run(from: Standing<unknown>, { steps, order, tolerance }: Steps): Stretch<unknown> {
    const engine = this.#engine;
    const leaves = this.#leavesOf(from) as readonly Leaf[];
    const numbers = this.#numbers(from.step, steps);
    const brief = new Holding(engine, {});
    try {
      const sources = this.#gathered.map(({ leaf, slot, indices }) =>
        this.#data.addressOf(leaf, indices ? this.#program.limitOf(slot) : undefined),
      );
      const [sourcesAt, orderAt] = [4 * sources.length, 4 * order.length].map((b) =>
        brief.allocate(b),
      );
      const [numbersAt, notesAt] = [8 * numbers.length, noteBytes * steps].map((b) =>
        brief.allocate(b),
      );
      let taken = 0;
      const entered = this.#program.runAt(leaves, this.#addresses(), () => {
        const words = (at: number, length: number) =>
          new Int32Array(engine.memory.buffer, at, length);
        words(sourcesAt, sources.length).set(sources);
        words(orderAt, order.length).set(order);
        engine.numbers(numbersAt, numbers.length).set(numbers);
        this.#put(leaves);
        const train = this.#program.exports.train as (...at: number[]) => number;
        taken = train(sourcesAt, orderAt, numbersAt, notesAt, steps, tolerance);
      });
      if (!entered) throw new DataError('row or class numbers of the data are out of range');
      const notes = engine.numbers(notesAt, 2 * taken);
      const note = (part: 0 | 1): Float64Array =>
        Float64Array.from({ length: taken }, (_, k) => notes[2 * k + part]);
      return { ...this.#take(leaves), losses: note(0), gradientNorms: note(1) };
    } finally {
      brief.freeAll();
    }
  }

  /** What the program takes for a standing; undefined where it has another structure. */
  #leavesOf(from: Standing<unknown>): Leaf[] | undefined {
    const leaves: Leaf[] = [];
    const args = [beforeOf(this.#by, from), this.#sample];
    return fits(this.#step.skeleton, args, leaves) ? leaves : undefined;
  }

  #numbers(first: number, steps: number): Float64Array {
    const perStep = this.#step.firstLeaves - this.#step.fedLeaves;
    const result = new Float64Array(steps * perStep);
    if (perStep === 0) return result;
    for (let k = 0; k < steps; k++) {
      const numbers = this.#by.numbers?.(first + k) ?? [];
      for (let j = 0; j < perStep; j++) result[k * perStep + j] = numbers[j];
    }
    return result;
  }

  /** The slots whose arguments lie here, and where. */
  #addresses(): Map<number, number> {
    const found = new Map<number, number>();
    this.#slots.forEach((slot, leaf) => {
      if (slot >= 0) found.set(slot, this.#homes[leaf]);
    });
    for (const { slot } of this.#numberSlots) found.set(slot, 0);
    for (const { slot, batch } of this.#gathered) found.set(slot, batch);
    return found;
  }

  #put(leaves: readonly Leaf[]): void {
    this.#homes.forEach((home, i) => {
      const leaf = leaves[i];
      const entries = typeof leaf === 'number' ? [leaf] : toFlatMatrix(leaf).data;
      this.#engine.numbers(home, entries.length).set(entries);
    });
  }

  /** Parameters and state after the last step. */
  #take(leaves: readonly Leaf[]): { params: unknown; state: unknown } {
    const kept = this.#homes.map((home, i) => {
      const leaf = leaves[i];
      if (typeof leaf === 'number') return this.#engine.numbers(home, 1)[0];
      const [rows, columns] = sizeOf(leaf as MatrixLike);
      return new FlatMatrix(rows, columns, this.#engine.numbers(home, rows * columns).slice());
    });
    const [params, state] = this.#kept.unflatten(kept);
    return { params, state };
  }

  #gatheredOf(slots: readonly Argument[], height: number): GatheredLeaf[] {
    const { leaves, firstLeaves } = this.#step;
    return slots.flatMap(({ leaf, part }, slot) => {
      const given = leaves[leaf];
      if (leaf < firstLeaves || typeof given === 'number') return [];
      const isArray = ArrayBuffer.isView(given);
      const [rows, columns] = isArray
        ? [(given as Int32Array).length, 1]
        : sizeOf(given as MatrixLike);
      if (rows !== height) return [];
      const indices = part === 'indices';
      const bytes = indices || isArray || isSingle(given as object) ? 4 : 8;
      const rowBytes = bytes * columns;
      const batch = this.#memory.allocate(height * rowBytes);
      return [{ slot, leaf: leaf - firstLeaves, indices, rowBytes, batch }];
    });
  }
}
