import { type EntryBuilder, entryBuilder } from '../kernels/index.ts';
import type { PlanNode } from '../plan/node.ts';
import { isReduction, type Step } from '../plan/schedule.ts';
import {
  type Call,
  type F64,
  f64x2,
  type I32,
  i32,
  type Local,
  lowHalves,
  memory,
  type Statement,
  until,
  type V128,
  v128,
  when,
} from '../wasm/index.ts';
import { entryCode } from './entry-code.ts';
import { type Motion, motionOf } from './motion.ts';
import { combined, lowOfFirst, merged, mergedPair, startOf } from './reductions.ts';
import { addressOf, type Count, knownCount, type Target, times } from './target.ts';

type LoopStep = Extract<Step, { kind: 'loop' }>;
/** Functions of the host for entries that have no code of their own. */
export type HostEntries = ReadonlyMap<PlanNode, Call<F64>>;

/**
 * One loop over the entries of a tile (or of a whole matrix) that computes all nodes of a step:
 * pairs of entries, a single last one where a row or the whole has an odd number.
 */
export function emitLoop(target: Target, step: LoopStep, host: HostEntries): Statement {
  const { columns } = step;
  const rows = target.tile === undefined ? knownCount(step.rows) : target.tile.rows;
  const loop = new Loop(target, step, host);
  return loop.isFlat() ? loop.flat(times(rows, columns)) : loop.nested(rows, columns);
}

class Loop {
  readonly #target: Target;
  readonly #step: LoopStep;
  readonly #host: HostEntries;
  readonly #b: EntryBuilder;
  readonly #bases = new Map<PlanNode, Local<I32>>();
  readonly #prelude: Statement[] = [];
  /** Byte offsets: of the entry, of its row in a column, of its column in a row. */
  readonly #entry: Local<I32>;
  readonly #row: Local<I32>;
  readonly #column: Local<I32>;
  readonly #sums = new Map<PlanNode, Local<V128>>();

  constructor(target: Target, step: LoopStep, host: HostEntries) {
    this.#target = target;
    this.#step = step;
    this.#host = host;
    this.#b = entryBuilder(target.locals, target.arithmetic);
    this.#entry = target.locals.local('i32');
    this.#row = target.locals.local('i32');
    this.#column = target.locals.local('i32');
    for (const node of step.nodes) {
      if (isReduction(node)) this.#sums.set(node, target.locals.local('v128'));
    }
  }

  isFlat(): boolean {
    return this.#step.nodes.every(
      (node) =>
        (!isReduction(node) || node.axis === undefined) &&
        node.inputs.every((input) => ['entry', 'still'].includes(this.#motion(input))),
    );
  }

  flat(count: Count): Statement {
    const whole = this.#reductions(undefined);
    const body = this.#round('pair', new Map());
    const last = count.known !== undefined && count.known % 2 === 0 ? [] : this.#lastRound(count);
    const end = this.#target.locals.local('i32');
    const pairs = [
      this.#entry.set(i32.const(0)),
      end.set(i32.shl(i32.and(count.code, i32.const(-2)), i32.const(3))),
      until(this.#entry, end, 16, body),
    ];
    const looped =
      count.known !== undefined && count.known < 2 ? this.#entry.set(i32.const(0)) : pairs;
    const finished = whole.map((node) => this.#addToTotal(node));
    const started = whole.map((node) => this.#start(node));
    return [this.#prelude, this.#b.setup(), started, looped, last, finished];
  }

  #lastRound(count: Count): Statement {
    const last = this.#round('last', new Map());
    return count.known === undefined ? when(i32.and(count.code, i32.const(1)), last) : last;
  }

  nested(rows: Count, columns: number): Statement {
    const all = this.#reductions(undefined);
    const across = this.#reductions(1);
    const hoisted = this.#hoisted();
    const rowStart = this.#b.statements();
    const pairEnd = 8 * (columns & -2);
    const body = this.#round('pair', hoisted);
    const last = columns % 2 === 1 ? this.#round('last', hoisted) : undefined;
    const rowEnd = this.#target.locals.local('i32');
    const stored = across.map((node) => {
      const at = i32.add(this.#base(node, true), this.#row);
      return memory.storeF64(at, combined(node, this.#sum(node)));
    });
    const finished = all.map((node) => this.#addToTotal(node));
    const started = all.map((node) => this.#start(node));
    return [
      this.#prelude,
      this.#b.setup(),
      started,
      this.#entry.set(i32.const(0)),
      this.#row.set(i32.const(0)),
      rowEnd.set(i32.shl(rows.code, i32.const(3))),
      until(this.#row, rowEnd, 8, [
        rowStart,
        across.map((node) => this.#start(node)),
        this.#column.set(i32.const(0)),
        columns < 2
          ? []
          : until(this.#column, i32.const(pairEnd), 16, [
              body,
              this.#entry.set(i32.add(this.#entry, i32.const(16))),
            ]),
        last === undefined ? [] : [last, this.#entry.set(i32.add(this.#entry, i32.const(8)))],
        stored,
      ]),
      finished,
    ];
  }

  #reductions(axis: 0 | 1 | undefined): PlanNode[] {
    return this.#step.nodes.filter((node) => isReduction(node) && node.axis === axis);
  }

  #sum(node: PlanNode): Local<V128> {
    return this.#sums.get(node) as Local<V128>;
  }

  #start(node: PlanNode): Statement {
    return this.#sum(node).set(v128.twice(startOf(node.name)));
  }

  #addToTotal(node: PlanNode): Statement {
    const at = this.#base(node, true);
    return memory.storeF64(at, merged(node, memory.loadF64(at), combined(node, this.#sum(node))));
  }

  /** What a row's entries share: the entries of columns, in both lanes. */
  #hoisted(): Map<PlanNode, V128> {
    const values = new Map<PlanNode, V128>();
    for (const { inputs } of this.#step.nodes) {
      for (const input of inputs) {
        if (values.has(input) || this.#motion(input) !== 'down') continue;
        const at = i32.add(this.#base(input, false), this.#row);
        values.set(input, this.#b.let(memory.loadTwice(at)));
      }
    }
    return values;
  }

  /** Computes every node for a pair of entries, or for a last one, and writes what must last. */
  #round(width: 'pair' | 'last', hoisted: ReadonlyMap<PlanNode, V128>): Statement {
    const b = this.#b;
    const values = new Map<PlanNode, V128>(hoisted);
    const writes: Statement[] = [];
    const operand = (node: PlanNode): V128 => {
      const value = values.get(node) ?? this.#read(node, width);
      values.set(node, value);
      return value;
    };
    for (const node of this.#step.nodes) {
      const operands = node.inputs.map(operand);
      if (isReduction(node)) {
        writes.push(this.#reduce(node, operands[0], width));
        continue;
      }
      const value = b.let(this.#compute(node, operands));
      values.set(node, value);
      if (this.#target.layout.places.get(node)?.kind === 'local') continue;
      const at = i32.add(this.#base(node, true), this.#entry);
      writes.push(width === 'pair' ? memory.store(at, value) : memory.storeLow(at, value));
    }
    return [b.statements(), writes];
  }

  #compute(node: PlanNode, operands: readonly V128[]): V128 {
    if (node.name === 'stretch') return operands[0];
    const code = entryCode(node);
    if (code !== undefined) return code(this.#b, ...operands);
    const call = this.#host.get(node) as Call<F64>;
    const lane = (k: 0 | 1): V128 => f64x2.splat(call(...operands.map((x) => f64x2.extract(x, k))));
    return lowHalves(lane(0), lane(1));
  }

  #reduce(node: PlanNode, value: V128, width: 'pair' | 'last'): Statement {
    if (node.axis === 0) {
      const at = i32.add(this.#base(node, true), this.#column);
      return width === 'pair'
        ? memory.store(at, mergedPair(node, memory.load(at), value))
        : memory.storeLow(at, mergedPair(node, memory.loadLow(at), value));
    }
    const sum = this.#sum(node);
    // The upper lane of a last entry holds nothing: it keeps what the sum has there.
    const added = mergedPair(node, sum, value);
    return sum.set(width === 'pair' ? added : v128.shuffle(added, sum, lowOfFirst));
  }

  #read(node: PlanNode, width: 'pair' | 'last'): V128 {
    const place = this.#target.layout.places.get(node);
    if (place?.kind === 'number') return this.#b.constant(place.value);
    const base = this.#base(node, false);
    if (node.single === true) {
      const at = i32.add(base, i32.shrU(this.#entry, i32.const(1)));
      const half = width === 'pair' ? memory.loadLow(at) : memory.loadLow32(at);
      return this.#b.let(f64x2.promoteLow(half));
    }
    const read = width === 'pair' ? memory.load : memory.loadLow;
    switch (this.#motion(node)) {
      case 'still':
        return this.#b.once(memory.loadTwice(base));
      case 'across':
        return this.#b.let(read(i32.add(base, this.#column)));
      default:
        return this.#b.let(read(i32.add(base, this.#entry)));
    }
  }

  /** The address where a node begins, for the rows of this tile, computed once. */
  #base(node: PlanNode, written: boolean): Local<I32> {
    let local = this.#bases.get(node);
    if (local === undefined) {
      local = this.#target.locals.local('i32');
      this.#bases.set(node, local);
      const byRows = written || this.#motion(node) === 'entry' || this.#motion(node) === 'down';
      this.#prelude.push(local.set(addressOf(this.#target, node, byRows ? 'tile' : 'whole')));
    }
    return local;
  }

  #motion(node: PlanNode): Motion {
    return motionOf(this.#target, this.#step, node);
  }
}
