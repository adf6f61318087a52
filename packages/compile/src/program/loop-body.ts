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
  type V128,
  v128,
} from '@steepest/wasm';
import { type EntryBuilder, entryBuilder } from '../kernels/index.ts';
import type { PlanNode } from '../plan/node.ts';
import { isReduction } from '../plan/schedule.ts';
import { entryCode } from './entry-code.ts';
import { type Motion, motionOf } from './motion.ts';
import type { LoopStep } from './products.ts';
import { combined, lowOfFirst, merged, mergedPair, startOf } from './reductions.ts';
import { addressOf, type Target } from './target.ts';

/** Functions of the host for entries that have no code of their own. */
export type HostEntries = ReadonlyMap<PlanNode, Call<F64>>;

/** The code of one round of a loop: what it computes for a pair of entries, or for a last one. */
export class LoopBody {
  readonly target: Target;
  readonly #step: LoopStep;
  readonly #host: HostEntries;
  readonly b: EntryBuilder;
  readonly #bases = new Map<PlanNode, Local<I32>>();
  /** What must be computed before the loop. */
  readonly prelude: Statement[] = [];
  /** Byte offsets: of the entry, of its row in a column, of its column in a row. */
  readonly entry: Local<I32>;
  readonly row: Local<I32>;
  readonly column: Local<I32>;
  readonly #sums = new Map<PlanNode, Local<V128>>();

  constructor(target: Target, step: LoopStep, host: HostEntries) {
    this.target = target;
    this.#step = step;
    this.#host = host;
    this.b = entryBuilder(target.locals, target.arithmetic);
    this.entry = target.locals.local('i32');
    this.row = target.locals.local('i32');
    this.column = target.locals.local('i32');
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

  reductions(axis: 0 | 1 | undefined): PlanNode[] {
    return this.#step.nodes.filter((node) => isReduction(node) && node.axis === axis);
  }

  sum(node: PlanNode): Local<V128> {
    return this.#sums.get(node) as Local<V128>;
  }

  start(node: PlanNode): Statement {
    return this.sum(node).set(v128.twice(startOf(node.name)));
  }

  addToTotal(node: PlanNode): Statement {
    const at = this.base(node, true);
    return memory.storeF64(at, merged(node, memory.loadF64(at), combined(node, this.sum(node))));
  }

  /** What a row's entries share: the entries of columns, in both lanes. */
  hoisted(): Map<PlanNode, V128> {
    const values = new Map<PlanNode, V128>();
    for (const { inputs } of this.#step.nodes) {
      for (const input of inputs) {
        if (values.has(input) || this.#motion(input) !== 'down') continue;
        const at = i32.add(this.base(input, false), this.row);
        values.set(input, this.b.let(memory.loadTwice(at)));
      }
    }
    return values;
  }

  /** Computes every node for a pair of entries, or for a last one, and writes what must last. */
  round(width: 'pair' | 'last', hoisted: ReadonlyMap<PlanNode, V128>): Statement {
    const b = this.b;
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
      if (this.target.layout.places.get(node)?.kind === 'local') continue;
      const at = i32.add(this.base(node, true), this.entry);
      writes.push(width === 'pair' ? memory.store(at, value) : memory.storeLow(at, value));
    }
    return [b.statements(), writes];
  }

  #compute(node: PlanNode, operands: readonly V128[]): V128 {
    if (node.name === 'stretch') return operands[0];
    const code = entryCode(node);
    if (code !== undefined) return code(this.b, ...operands);
    const call = this.#host.get(node) as Call<F64>;
    const lane = (k: 0 | 1): V128 => f64x2.splat(call(...operands.map((x) => f64x2.extract(x, k))));
    return lowHalves(lane(0), lane(1));
  }

  #reduce(node: PlanNode, value: V128, width: 'pair' | 'last'): Statement {
    if (node.axis === 0) {
      const at = i32.add(this.base(node, true), this.column);
      return width === 'pair'
        ? memory.store(at, mergedPair(node, memory.load(at), value))
        : memory.storeLow(at, mergedPair(node, memory.loadLow(at), value));
    }
    const sum = this.sum(node);
    // The upper lane of a last entry holds nothing: it keeps what the sum has there.
    const added = mergedPair(node, sum, value);
    return sum.set(width === 'pair' ? added : v128.shuffle(added, sum, lowOfFirst));
  }

  #read(node: PlanNode, width: 'pair' | 'last'): V128 {
    const place = this.target.layout.places.get(node);
    if (place?.kind === 'number') return this.b.constant(place.value);
    const base = this.base(node, false);
    if (node.single === true) {
      const at = i32.add(base, i32.shrU(this.entry, i32.const(1)));
      const half = width === 'pair' ? memory.loadLow(at) : memory.loadLow32(at);
      return this.b.let(f64x2.promoteLow(half));
    }
    const read = width === 'pair' ? memory.load : memory.loadLow;
    switch (this.#motion(node)) {
      case 'still':
        return this.b.once(memory.loadTwice(base));
      case 'across':
        return this.b.let(read(i32.add(base, this.column)));
      default:
        return this.b.let(read(i32.add(base, this.entry)));
    }
  }

  /** The address where a node begins, for the rows of this tile, computed once. */
  base(node: PlanNode, written: boolean): Local<I32> {
    let local = this.#bases.get(node);
    if (local === undefined) {
      local = this.target.locals.local('i32');
      this.#bases.set(node, local);
      const byRows = written || this.#motion(node) === 'entry' || this.#motion(node) === 'down';
      this.prelude.push(local.set(addressOf(this.target, node, byRows ? 'tile' : 'whole')));
    }
    return local;
  }

  #motion(node: PlanNode): Motion {
    return motionOf(this.target, this.#step, node);
  }
}
