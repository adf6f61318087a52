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
import { loweringOf } from '../lowering/index.ts';
import {
  type Axis,
  type EntriesNode,
  isFloat32,
  type PlanNode,
  type ReductionNode,
} from '../plan/node.ts';
import type { LoopStep } from '../plan/schedule.ts';
import { combined, foldOf, lowOfFirst } from './accumulation.ts';
import { type Motion, motionOf } from './motion.ts';
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
      if (node.kind === 'reduction') this.#sums.set(node, target.locals.local('v128'));
    }
  }

  isFlat(): boolean {
    return this.#step.nodes.every(
      (node) =>
        (node.kind !== 'reduction' || node.axis === undefined) &&
        node.inputs.every((input) => ['entry', 'still'].includes(this.#motion(input))),
    );
  }

  reductions(axis: Axis): ReductionNode[] {
    const { nodes } = this.#step;
    const found = nodes.filter((node): node is ReductionNode => node.kind === 'reduction');
    return found.filter((node) => node.axis === axis);
  }

  sum(node: ReductionNode): Local<V128> {
    return this.#sums.get(node) as Local<V128>;
  }

  start(node: ReductionNode): Statement {
    return this.sum(node).set(v128.twice(foldOf(node).start));
  }

  addToTotal(node: ReductionNode): Statement {
    const at = this.base(node, true);
    return memory.storeF64(at, foldOf(node).one(memory.loadF64(at), this.total(node)));
  }

  /** The sum of both lanes. */
  total(node: ReductionNode): F64 {
    return combined(foldOf(node), this.sum(node));
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
      if (node.kind === 'reduction') {
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

  #compute(node: EntriesNode, operands: readonly V128[]): V128 {
    const code = loweringOf(node)?.entry?.(node);
    if (code !== undefined) return code(this.b, ...operands);
    const call = this.#host.get(node) as Call<F64>;
    const lane = (k: 0 | 1): V128 => f64x2.splat(call(...operands.map((x) => f64x2.extract(x, k))));
    return lowHalves(lane(0), lane(1));
  }

  #reduce(node: ReductionNode, value: V128, width: 'pair' | 'last'): Statement {
    const { pair } = foldOf(node);
    if (node.axis === 0) {
      const at = i32.add(this.base(node, true), this.column);
      return width === 'pair'
        ? memory.store(at, pair(memory.load(at), value))
        : memory.storeLow(at, pair(memory.loadLow(at), value));
    }
    const sum = this.sum(node);
    // The upper lane of a last entry holds nothing: it keeps what the sum has there.
    const added = pair(sum, value);
    return sum.set(width === 'pair' ? added : v128.shuffle(added, sum, lowOfFirst));
  }

  #read(node: PlanNode, width: 'pair' | 'last'): V128 {
    const place = this.target.layout.places.get(node);
    if (place?.kind === 'number') return this.b.constant(place.value);
    const base = this.base(node, false);
    if (isFloat32(node)) {
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
