import {
  FlatMatrix,
  leavesOf,
  type Operand,
  type Tree,
  toFlatMatrix,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { type AnyFunction, recordCall } from '../calling/recording.ts';
import { filledIn, fits, type Leaf, type Skeleton, skeletonOf } from '../calling/skeleton.ts';
import { commonEngine, type Engine } from '../memory/engine.ts';
import { planned } from '../plan/schedule.ts';
import { settledOutputs, translate } from '../plan/translate.ts';
import { layoutOf } from '../program/layout.ts';
import { Program } from '../program/program.ts';
import { type Fed, type Gathered, trainingLoop } from './loop.ts';
import type { Update } from './updates.ts';

/** Parameters and optimizer state: what a step starts from, and what it returns. */
export interface TrainingState<P, S> {
  readonly params: P;
  readonly state: S;
  /** How many steps were taken: schedules go on from there. */
  readonly step: number;
}

export interface TrainingOptions<S> {
  readonly update: Update<S>;
  /** Rows of a minibatch. */
  readonly batchRows: number;
}

/** Training compiled with its optimizer: many steps in one call. */
export interface CompiledTraining<P, B, S> {
  /** The state before the first step. */
  start(params: P): TrainingState<P, S>;
  /**
   * One step for each `batchRows` row numbers in `order` (the last batch may be smaller): the rows
   * of the data are gathered, the gradient computed and the update made. Returns the next state and
   * the loss of every batch, before its step.
   */
  run(
    from: TrainingState<P, S>,
    data: B,
    order: Int32Array,
  ): TrainingState<P, S> & { readonly losses: Float64Array };
}

/**
 * Compiles a loss together with its optimizer, so that an epoch of minibatches is one call.
 *
 * The steps are those of the plain loop (gradient of the loss at the gathered rows, then the
 * update), to rounding. Matrices and index arrays of the data with as many rows as most of its
 * entries are gathered by rows; whatever else the data holds is passed whole. Throws a TypeError
 * that names the reason where the loss cannot be recorded; a RangeError for a row that is not there.
 *
 * ```ts
 * const training = compileTraining(loss, { update: updates.momentum({ rate: 0.1 }), batchRows: 32 });
 * const { params, losses } = training.run(training.start(params0), { X, y }, order);
 * ```
 */
export function compileTraining<P, B, S>(
  loss: (params: P, batch: B) => Operand,
  options: TrainingOptions<S>,
): CompiledTraining<P, B, S> {
  const { update, batchRows } = options;
  if (!(Number.isInteger(batchRows) && batchRows > 0)) {
    throw new RangeError(
      `compileTraining: batchRows must be a whole number from 1, not ${batchRows}`,
    );
  }
  const gradient = valueAndGrad(loss as never) as unknown as (
    params: P,
    batch: B,
  ) => { value: Value; gradient: Tree };
  const step = (from: { params: P; state: S; rate: Value }, batch: B) => {
    const here = gradient(from.params, batch);
    const [params, state] = update.step(here.gradient, from.state, from.params, from.rate);
    return { params, state, value: here.value };
  };
  const programs: StepProgram[] = [];
  const programOf = (args: unknown[], rows: number): StepProgram => {
    const known = programs.find((program) => program.fits(args));
    const program = known ?? new StepProgram(step as AnyFunction, args, rows);
    if (known === undefined && programs.unshift(program) > 8) programs.pop()?.dispose();
    return program;
  };
  return {
    start: (params) => ({ params, state: update.init(params), step: 0 }),
    run(from, data, order) {
      const rows = rowsOf(data);
      checkOrder(order, rows);
      const steps = Math.ceil(order.length / batchRows);
      const losses = new Float64Array(steps);
      const rates = Float64Array.from({ length: steps }, (_, k) => update.rate(from.step + k));
      const full = Math.floor(order.length / batchRows);
      let { params, state } = from;
      const advance = (first: number, count: number, height: number): void => {
        if (count === 0) return;
        const batch = batchOf(data, rows, height);
        const before = { params, state, rate: rates[first] };
        const program = programOf([before, batch], height);
        const at = first * batchRows;
        const numbers = order.subarray(at, at + count * height);
        const after = program.run([before, batch], data, rows, numbers, {
          rates: rates.subarray(first, first + count),
          losses: losses.subarray(first, first + count),
        });
        ({ params, state } = after as { params: P; state: S });
      };
      advance(0, full, batchRows);
      advance(full, steps - full, order.length - full * batchRows);
      return { params, state, step: from.step + steps, losses };
    },
  };
}

/** The rows that most entries of the data share. */
function rowsOf(data: unknown): number {
  const entries = new Map<number, number>();
  for (const leaf of leavesIn(data)) {
    if (typeof leaf === 'number') continue;
    const [rows, size] = ArrayBuffer.isView(leaf)
      ? [(leaf as Int32Array).length, (leaf as Int32Array).length]
      : [(leaf as FlatMatrix).rows, (leaf as FlatMatrix).rows * (leaf as FlatMatrix).columns];
    entries.set(rows, (entries.get(rows) ?? 0) + size);
  }
  const [best] = [...entries].sort((a, b) => b[1] - a[1]);
  if (best === undefined) throw new TypeError('compileTraining: the data holds no matrix');
  return best[0];
}

function leavesIn(data: unknown): Leaf[] {
  const skeleton = skeletonOf(data);
  if (typeof skeleton === 'string') throw new TypeError(`compileTraining: ${skeleton}`);
  const leaves: Leaf[] = [];
  fits(skeleton, data, leaves);
  return leaves;
}

function checkOrder(order: Int32Array, rows: number): void {
  for (let i = 0; i < order.length; i++) {
    if (!(order[i] >= 0 && order[i] < rows)) {
      throw new RangeError(
        `compileTraining: row number ${i} is ${order[i]}, but the data has ${rows} rows`,
      );
    }
  }
}

/** The first rows of the data, as a batch has them. */
function batchOf(data: unknown, rows: number, height: number): unknown {
  const skeleton = skeletonOf(data) as Skeleton;
  return filledIn(
    skeleton,
    leavesIn(data).map((leaf) => firstRows(leaf, rows, height)),
  );
}

function firstRows(leaf: Leaf, rows: number, height: number): Leaf {
  if (typeof leaf === 'number') return leaf;
  const wrap = (i: number): number => i % rows;
  if (ArrayBuffer.isView(leaf)) {
    const array = leaf as Int32Array;
    if (array.length !== rows) return leaf;
    const Kind = array.constructor as Int32ArrayConstructor;
    return Kind.from({ length: height }, (_, i) => array[wrap(i)]);
  }
  const matrix = toFlatMatrix(leaf);
  if (matrix.rows !== rows) return leaf;
  const { columns } = matrix;
  const result = new FlatMatrix(height, columns);
  for (let i = 0; i < height; i++) {
    const row = wrap(i) * columns;
    result.data.set(matrix.data.subarray(row, row + columns), i * columns);
  }
  return result;
}

/** One program: steps with batches of one height. */
class StepProgram {
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
    const recorded = recordCall(step, this.#skeleton, leaves, this.#firstLeaves);
    if (typeof recorded === 'string') throw new TypeError(`compileTraining: ${recorded}`);
    const outputs = settledOutputs(translate(recorded));
    const plan = planned(outputs, this.#firstLeaves);
    const { slots } = layoutOf(plan);
    const gathered: (Gathered & { leaf: number })[] = [];
    slots.forEach(({ leaf, indices }, slot) => {
      const given = leaves[leaf];
      if (leaf < this.#firstLeaves || typeof given === 'number') return;
      const columns = ArrayBuffer.isView(given) || indices ? 0 : (given as FlatMatrix).columns;
      const height = ArrayBuffer.isView(given)
        ? (given as Int32Array).length
        : (given as FlatMatrix).rows;
      if (height === rows) gathered.push({ slot, leaf, rowBytes: columns === 0 ? 4 : 8 * columns });
    });
    const fed: Fed[] = outputs.slice(0, this.#fedLeaves).flatMap((output, leaf) => {
      const slot = slots.findIndex((s) => s.leaf === leaf && !s.indices);
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
      limit: slots[slot].indices ? this.#program.limitOf(slot) : 0,
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
    const { data } = toFlatMatrix(leaf as FlatMatrix);
    const pinned = this.#engine.pinned(data);
    if (pinned !== undefined) return pinned;
    const at = reserve(8 * data.length);
    this.#engine.numbers(at, data.length).set(data);
    return at;
  }
}
