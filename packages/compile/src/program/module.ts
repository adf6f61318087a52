import {
  type Call,
  choose,
  i32,
  type ModuleBuilder,
  memory,
  moduleBuilder,
  type Statement,
  until,
  whileTrue,
} from '@steepest/wasm';
import { type Arithmetic, exactOrder, type KernelName, relaxed } from '../kernels/index.ts';
import type { ComputedNode, EntriesNode, OperationNode } from '../plan/node.ts';
import type { Phase, Plan } from '../plan/schedule.ts';
import { accumulates, merge, setAll } from './accumulation.ts';
import { declareImports, type Imports } from './imports.ts';
import { interleavedAt } from './interleaved.ts';
import { emitLoop } from './loop.ts';
import { emitOperation } from './operation.ts';
import type { Layout, Totals } from './place.ts';
import { addressOf, knownCount, type Target } from './target.ts';

/** A program in the binary format, and what of it the host must compute. */
export interface ProgramModule {
  readonly bytes: Uint8Array;
  readonly kernels: readonly KernelName[];
  /** Operations that are computed by their rule's `value`: import `host<k>`. */
  readonly hostOperations: readonly OperationNode[];
  /** Entries that are computed by their rule's `entry`: import `entry<k>`. */
  readonly hostEntries: readonly EntriesNode[];
}

export interface Placement {
  /** Where the program's own memory begins. */
  readonly base: number;
  /** Where the running thread's tile buffers begin. */
  readonly buffers: number;
  /** Scratch memory for matrix products. */
  readonly product: number;
  readonly shared: boolean;
  /** Whether products and sums are fused. */
  readonly relaxed: boolean;
  /** Whether the host runs the pipelines: import `pipeline(stage)`. */
  readonly hostRuns: boolean;
}

/**
 * The program: `run` does everything. `blocks<k>(from, to, buffers, product)` does some blocks of rows
 * of pipeline k, `tile<k>` some rows of one, for threads and for data that streams; then `finish<k>`.
 */
export function emitProgram(
  plan: Plan,
  layout: Layout,
  placement: Placement,
  extend?: Extension,
): ProgramModule {
  return new Emitter(plan, layout, placement).emit(extend);
}

/** Adds functions that call the program: its module, and the call that runs it once. */
export type Extension = (
  module: ModuleBuilder,
  run: Call<Statement>,
  place: Pick<Target, 'layout' | 'base'>,
) => void;

class Emitter {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #placement: Placement;
  readonly #module: ModuleBuilder;
  readonly #arithmetic: Arithmetic;
  readonly #imports: Imports;
  readonly #pipeline: Call<Statement> | undefined;

  constructor(plan: Plan, layout: Layout, placement: Placement) {
    this.#plan = plan;
    this.#layout = layout;
    this.#placement = placement;
    this.#arithmetic = placement.relaxed ? relaxed : exactOrder;
    this.#module = moduleBuilder({ shared: placement.shared });
    if (placement.hostRuns) this.#pipeline = this.#module.importAction('pipeline', ['i32']);
    this.#imports = declareImports(this.#module, plan);
  }

  emit(extend: Extension | undefined): ProgramModule {
    const { buffers, product } = this.#placement;
    const calls: Statement[] = [];
    for (const phase of this.#plan.phases) {
      if (phase.kind === 'fixed') {
        calls.push(this.#defineFixed(phase)());
        continue;
      }
      const totals = this.#layout.totals.find(({ stage }) => stage === phase.stage) as Totals;
      const blocks = this.#defineBlocks(phase, totals);
      const finish = this.#defineFinish(phase, totals);
      const every = [0, totals.blocks, buffers, product].map(i32.const);
      calls.push(
        this.#pipeline === undefined
          ? [blocks(...every), finish()]
          : this.#pipeline(i32.const(phase.stage)),
      );
    }
    const run = this.#module.define('run', {}, () => calls);
    extend?.(this.#module, run, { layout: this.#layout, base: this.#placement.base });
    return {
      bytes: this.#module.bytes(),
      kernels: Object.keys(this.#imports.kernels) as KernelName[],
      hostOperations: [...this.#imports.operations.keys()],
      hostEntries: [...this.#imports.entries.keys()],
    };
  }

  #steps(phase: Phase, target: Target): Statement {
    const { kernels, operations } = this.#imports;
    return phase.steps.map((step, k) => {
      if (interleavedAt(phase, k) !== undefined) return [];
      if (step.kind === 'loop') {
        return [
          target.tile === undefined ? step.nodes.map((node) => this.#cleared(target, node)) : [],
          emitLoop(target, step, this.#imports.entries, interleavedAt(phase, k - 1)),
        ];
      }
      const { node } = step;
      return [
        target.tile === undefined ? this.#cleared(target, node) : [],
        emitOperation(target, node, kernels, operations),
      ];
    });
  }

  #cleared(target: Target, node: ComputedNode): Statement {
    if (!accumulates(node)) return [];
    return setAll(addressOf(target, node, 'whole'), node, target.locals);
  }

  #defineFixed(phase: Phase): Call<Statement> {
    const { base, product } = this.#placement;
    return this.#module.define(`fixed${phase.stage}`, {}, (_, locals) =>
      this.#steps(phase, {
        layout: this.#layout,
        arithmetic: this.#arithmetic,
        locals,
        base,
        product: i32.const(product),
      }),
    );
  }

  /** The rows from `from` to `to` (exclusive), counted in blocks, tile by tile. */
  #defineBlocks(phase: Phase, totals: Totals): Call<Statement> {
    const { rows } = this.#plan.labels;
    const { tileRows, blockRows } = this.#layout;
    const tile = this.#defineTile(phase, totals);
    const first = this.#placement.base + totals.offset + (totals.blocks === 1 ? 0 : totals.bytes);
    const parameters = { from: 'i32', to: 'i32', buffers: 'i32', product: 'i32' } as const;
    return this.#module.define(`blocks${phase.stage}`, parameters, (p, locals) => {
      const [start, end, sums] = [locals.local('i32'), locals.local('i32'), locals.local('i32')];
      const left = i32.sub(end, start);
      const height = choose(i32.ltU(left, i32.const(tileRows)), left, i32.const(tileRows));
      const last = i32.mul(i32.add(p.from, i32.const(1)), i32.const(blockRows));
      return until(p.from, p.to, 1, [
        sums.set(i32.add(i32.const(first), i32.mul(p.from, i32.const(totals.bytes)))),
        totals.members.map(({ node, offset }) =>
          setAll(i32.add(sums, i32.const(offset)), node, locals),
        ),
        start.set(i32.mul(p.from, i32.const(blockRows))),
        end.set(choose(i32.ltU(last, i32.const(rows)), last, i32.const(rows))),
        whileTrue(i32.ltU(start, end), [
          tile(start, height, p.buffers, sums, p.product),
          start.set(i32.add(start, i32.const(tileRows))),
        ]),
      ]);
    });
  }

  #defineTile(phase: Phase, totals: Totals): Call<Statement> {
    const parameters = {
      start: 'i32',
      rows: 'i32',
      buffers: 'i32',
      totals: 'i32',
      product: 'i32',
    } as const;
    const single = this.#plan.labels.rows <= this.#layout.tileRows;
    const totalOffsets = new Map(totals.members.map(({ node, offset }) => [node, offset]));
    return this.#module.define(`tile${phase.stage}`, parameters, (p, locals) =>
      this.#steps(phase, {
        layout: this.#layout,
        arithmetic: this.#arithmetic,
        locals,
        base: this.#placement.base,
        product: p.product,
        tile: {
          rows: single ? knownCount(this.#plan.labels.rows) : { code: p.rows },
          start: single ? undefined : p.start,
          buffers: p.buffers,
          totals: p.totals,
          totalOffsets,
        },
      }),
    );
  }

  /** Adds the blocks' totals in their order, whatever thread they came from. */
  #defineFinish(phase: Phase, totals: Totals): Call<Statement> {
    const { offset, blocks, bytes, members } = totals;
    const to = this.#placement.base + offset;
    return this.#module.define(`finish${phase.stage}`, {}, (_, locals) => {
      if (blocks === 1 || bytes === 0) return [];
      const from = locals.local('i32');
      return [
        memory.copy(i32.const(to), i32.const(to + bytes), i32.const(bytes)),
        from.set(i32.const(to + 2 * bytes)),
        until(
          from,
          i32.const(to + (blocks + 1) * bytes),
          bytes,
          members.map((member) =>
            merge(
              i32.const(to + member.offset),
              i32.add(from, i32.const(member.offset)),
              member.node,
              locals,
            ),
          ),
        ),
      ];
    });
  }
}
