import { f64, type I32, i32, type Locals, memory, type Statement, until } from '@steepest/wasm';
import type { PlanNode, View } from '../plan/node.ts';
import type { Extension } from '../program/module.ts';
import { slotAddress } from '../program/target.ts';

/** An argument whose rows are gathered before every step: how many bytes a row has. */
export interface Gathered {
  readonly slot: number;
  readonly rowBytes: number;
}

/** What a step's result becomes: an argument of the next step. */
export interface Fed {
  readonly output: View;
  readonly slot: number;
}

export interface LoopPlan {
  readonly batchRows: number;
  readonly gathered: readonly Gathered[];
  readonly fed: readonly Fed[];
  /** The slot of the learning rate; absent where nothing depends on it. */
  readonly rateSlot: number | undefined;
  readonly value: PlanNode;
}

/**
 * `train(sources, order, end, rates, losses)`: for each batch of row numbers in [order, end), gathers
 * rows, runs the program, feeds its results back and notes the loss. `sources` is a list of the
 * addresses that rows are gathered from.
 */
export function trainingLoop(plan: LoopPlan): Extension {
  return (module, run, place) => {
    const parameters = {
      sources: 'i32',
      order: 'i32',
      end: 'i32',
      rates: 'i32',
      losses: 'i32',
    } as const;
    const resultAddress = (node: PlanNode): I32 | undefined => {
      const found = place.layout.places.get(node);
      if (found?.kind === 'static') return i32.const(place.base + found.offset);
      return found?.kind === 'slot' ? slotAddress(place, found.slot) : undefined;
    };
    module.define('train', parameters, (p, locals) => {
      const { batchRows, gathered, fed, rateSlot, value } = plan;
      const step = i32.const(4 * batchRows);
      const found = place.layout.places.get(value);
      const loss =
        found?.kind === 'number'
          ? f64.const(found.value)
          : memory.loadF64(resultAddress(value) as I32);
      return until(p.order, p.end, step, [
        gathered.map(({ slot, rowBytes }, i) =>
          gatherRows(locals, {
            from: memory.loadI32(p.sources, 4 * i),
            to: slotAddress(place, slot),
            order: p.order,
            rows: batchRows,
            rowBytes,
          }),
        ),
        rateSlot === undefined
          ? []
          : memory.storeF64(slotAddress(place, rateSlot), memory.loadF64(p.rates)),
        run(),
        fed.map(({ output: { node }, slot }) => {
          const from = resultAddress(node);
          const to = slotAddress(place, slot);
          const at = place.layout.places.get(node);
          if (at?.kind === 'number') return memory.storeF64(to, f64.const(at.value));
          if (at?.kind === 'slot' && at.slot === slot) return [];
          return copyWords(locals, from as I32, to, 8 * node.rows * node.columns);
        }),
        memory.storeF64(p.losses, loss),
        p.losses.set(i32.add(p.losses, i32.const(8))),
        p.rates.set(i32.add(p.rates, i32.const(8))),
      ]);
    });
  };
}

interface Rows {
  readonly from: I32;
  readonly to: I32;
  readonly order: I32;
  readonly rows: number;
  readonly rowBytes: number;
}

function gatherRows(locals: Locals, { from, to, order, rows, rowBytes }: Rows): Statement {
  const [source, at, index, end] = Array.from({ length: 4 }, () => locals.local('i32'));
  const row = i32.add(source, i32.mul(memory.loadI32(index), i32.const(rowBytes)));
  const x = locals.local('i32');
  return [
    source.set(from),
    at.set(to),
    index.set(order),
    end.set(i32.add(order, i32.const(4 * rows))),
    until(index, end, 4, [
      x.set(row),
      copyUnrolled(locals, x, at, rowBytes),
      at.set(i32.add(at, i32.const(rowBytes))),
    ]),
  ];
}

/** Copies without a call, which would take longer than the copy. */
function copyUnrolled(locals: Locals, from: I32, to: I32, bytes: number): Statement {
  if (bytes > 512) return copyWords(locals, from, to, bytes);
  const words: Statement[] = [];
  let offset = 0;
  for (; offset + 16 <= bytes; offset += 16) {
    words.push(memory.store(to, memory.load(from, offset), offset));
  }
  for (; offset + 8 <= bytes; offset += 8) {
    words.push(memory.storeF64(to, memory.loadF64(from, offset), offset));
  }
  if (offset < bytes) words.push(memory.storeI32(to, memory.loadI32(from, offset), offset));
  return words;
}

function copyWords(locals: Locals, from: I32, to: I32, bytes: number): Statement {
  if (bytes > 4096) return memory.copy(to, from, i32.const(bytes));
  const [source, target, end] = Array.from({ length: 3 }, () => locals.local('i32'));
  return [
    source.set(from),
    target.set(to),
    end.set(i32.add(source, i32.const(bytes & -16))),
    until(source, end, 16, [
      memory.store(target, memory.load(source)),
      target.set(i32.add(target, i32.const(16))),
    ]),
    copyUnrolled(locals, source, target, bytes & 15),
  ];
}
