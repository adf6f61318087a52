import {
  after,
  type F64,
  f64,
  f64x2,
  type I32,
  i32,
  type Local,
  type Locals,
  memory,
  type Statement,
  until,
  type V128,
  v128,
  when,
  whileTrue,
} from '@steepest/wasm';
import { copyUnrolled, copyWords } from '../kernels/copies.ts';
import type { PlanNode } from '../plan/node.ts';
import type { Extension } from '../program/module.ts';
import { slotAddress, type Target } from '../program/target.ts';

/** An argument whose rows are gathered before every step: how many bytes a row has. */
export interface Gathered {
  readonly slot: number;
  readonly rowBytes: number;
}

/** What a step's result becomes: an argument of the next step. */
export interface Fed {
  readonly node: PlanNode;
  /** Where the next step finds it. */
  readonly to: number;
  /** Where it is kept meanwhile: for an argument that becomes another one. */
  readonly aside?: number | undefined;
}

/** What the loop around a program of one step does. */
export interface LoopPlan {
  readonly batchRows: number;
  readonly gathered: readonly Gathered[];
  readonly fed: readonly Fed[];
  /** The slots of the step's own numbers, by their place among them. */
  readonly numbers: readonly { readonly slot: number; readonly index: number }[];
  readonly numbersPerStep: number;
  readonly value: PlanNode;
  /** Σ g², of which the gradient's norm is the root. */
  readonly squares: PlanNode;
  /** The parameters after the step: they must be finite. */
  readonly moved: readonly PlanNode[];
}

/** Bytes that a step writes about itself: its loss, and its gradient's norm. */
export const noteBytes = 16;
/** Below this, squares have lost digits to underflow. */
const smallestSafeSquare = 1e-290;

/**
 * `train(sources, order, numbers, notes, steps, tolerance)` → how many steps were taken. Each gathers
 * its rows, runs the program, and feeds the results back, unless the loss, the gradient or the new
 * parameters are not finite or the gradient's norm is within the tolerance: it ends before such a
 * step. `sources` is a list of the addresses that rows are gathered from.
 */
export function trainingLoop(plan: LoopPlan): Extension {
  return (module, run, place) => {
    const parameters = {
      sources: 'i32',
      order: 'i32',
      numbers: 'i32',
      notes: 'i32',
      steps: 'i32',
      tolerance: 'f64',
    } as const;
    module.defineValue('train', parameters, 'i32', (p, locals) => {
      const { batchRows, gathered, fed, numbers, numbersPerStep } = plan;
      const [left, going] = [locals.local('i32'), locals.local('i32')];
      const [loss, squares, norm] = [1, 2, 3].map(() => locals.local('f64'));
      const step: Statement = [
        gathered.map(({ slot, rowBytes }, i) =>
          gatherRows(locals, {
            from: memory.loadI32(p.sources, 4 * i),
            to: slotAddress(place, slot),
            order: p.order,
            rows: batchRows,
            rowBytes,
          }),
        ),
        numbers.map(({ slot, index }) =>
          memory.storeI32(slotWord(place, slot), i32.add(p.numbers, i32.const(8 * index))),
        ),
        run(),
        loss.set(numberIn(place, plan.value)),
        squares.set(numberIn(place, plan.squares)),
        norm.set(f64.sqrt(squares)),
        going.set(isPlain(locals, place, plan, { loss, squares, norm, tolerance: p.tolerance })),
        when(going, [
          feed(locals, place, fed),
          memory.storeF64(p.notes, loss),
          memory.storeF64(p.notes, norm, 8),
          p.notes.set(i32.add(p.notes, i32.const(noteBytes))),
          p.numbers.set(i32.add(p.numbers, i32.const(8 * numbersPerStep))),
          gathered.length === 0 ? [] : p.order.set(i32.add(p.order, i32.const(4 * batchRows))),
          left.set(i32.sub(left, i32.const(1))),
        ]),
      ];
      return after(
        [
          left.set(p.steps),
          going.set(i32.const(1)),
          whileTrue(i32.and(going, i32.ne(left, i32.const(0))), step),
        ],
        i32.sub(p.steps, left),
      );
    });
  };
}

type Places = Pick<Target, 'layout' | 'base'>;

/** Where the address of an argument stands. */
function slotWord({ layout, base }: Places, slot: number): I32 {
  return i32.const(base + layout.slotsOffset + 4 * slot);
}

/** The address of a result; undefined where it is a number in the code. */
function resultAddress(place: Places, node: PlanNode): I32 | undefined {
  const found = place.layout.places.get(node);
  if (found?.kind === 'static') return i32.const(place.base + found.offset);
  return found?.kind === 'slot' ? slotAddress(place, found.slot) : undefined;
}

function numberIn(place: Places, node: PlanNode) {
  const found = place.layout.places.get(node);
  return found?.kind === 'number'
    ? f64.const(found.value)
    : memory.loadF64(resultAddress(place, node) as I32);
}

/** Whether a step can be taken: 1 or 0. */
function isPlain(
  locals: Locals,
  place: Places,
  { moved }: LoopPlan,
  at: Record<'loss' | 'squares' | 'norm' | 'tolerance', F64>,
): I32 {
  const { loss, squares, norm, tolerance } = at;
  const zero = locals.local('v128');
  const whole: Statement[] = moved.flatMap((node) => {
    const found = place.layout.places.get(node);
    // What comes from the last step was looked at then.
    if (found?.kind !== 'static') return [];
    return [addZeros(locals, zero, i32.const(place.base + found.offset), node.rows * node.columns)];
  });
  const own = f64.add(f64.mul(loss, f64.const(0)), f64.mul(squares, f64.const(0)));
  const total = f64.add(own, f64.add(f64x2.extract(zero, 0), f64x2.extract(zero, 1)));
  // Not within the tolerance, and not too small for its square.
  const large = i32.and(
    f64.gt(norm, tolerance),
    i32.eqz(i32.and(f64.gt(squares, f64.const(0)), f64.lt(squares, f64.const(smallestSafeSquare)))),
  );
  return after([zero.set(v128.twice(0)), whole], i32.and(f64.eq(total, f64.const(0)), large));
}

/** Adds 0 · x for all entries: NaN where one is not finite. */
function addZeros(locals: Locals, zero: Local<V128>, from: I32, entries: number): Statement {
  const zeros = v128.twice(0);
  const added = (x: V128): Statement => zero.set(f64x2.add(zero, f64x2.mul(x, zeros)));
  const pairs = entries >> 1;
  const last = entries % 2 === 0 ? [] : added(memory.loadLow(i32.add(from, i32.const(16 * pairs))));
  if (pairs <= 32) {
    const at = locals.local('i32');
    return [
      at.set(from),
      Array.from({ length: pairs }, (_, k) => added(memory.load(at, 16 * k))),
      last,
    ];
  }
  const [at, end] = [locals.local('i32'), locals.local('i32')];
  return [
    at.set(from),
    end.set(i32.add(at, i32.const(16 * pairs))),
    until(at, end, 16, added(memory.load(at))),
    last,
  ];
}

/** All results of a step become arguments at once: those that are arguments now are put aside first. */
function feed(locals: Locals, place: Places, fed: readonly Fed[]): Statement {
  const bytesOf = ({ node }: Fed): number => 8 * node.rows * node.columns;
  const aside = fed.flatMap((one) =>
    one.aside === undefined
      ? []
      : [
          copyWords(
            locals,
            resultAddress(place, one.node) as I32,
            i32.const(one.aside),
            bytesOf(one),
          ),
        ],
  );
  const fromAside = fed.map((one) => {
    const { node } = one;
    const to = i32.const(one.to);
    if (one.aside !== undefined) return copyWords(locals, i32.const(one.aside), to, bytesOf(one));
    const found = place.layout.places.get(node);
    if (found?.kind === 'number') return memory.storeF64(to, f64.const(found.value));
    return copyWords(locals, resultAddress(place, node) as I32, to, bytesOf(one));
  });
  return [aside, fromAside];
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
