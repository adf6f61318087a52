import { i32, memory, type Statement, until, type V128, when } from '@steepest/wasm';
import type { PlanNode } from '../plan/node.ts';
import type { LoopStep } from '../plan/schedule.ts';
import type { Interleaved } from './interleaved.ts';
import { type HostEntries, LoopBody } from './loop-body.ts';
import { type Count, knownCount, type Target, times } from './target.ts';
/**
 * One loop over the entries of a tile (or of a whole matrix) that computes all nodes of a step:
 * pairs of entries, a single last one where a row or the whole has an odd number. `within`: an
 * operation of which each two rows are computed here before the loop goes on with them.
 */
export function emitLoop(
  target: Target,
  step: LoopStep,
  host: HostEntries,
  within?: Interleaved,
): Statement {
  const { columns } = step;
  const rows = target.tile === undefined ? knownCount(step.rows) : target.tile.rows;
  const body = new LoopBody(target, step, host);
  if (within !== undefined) return following(body, within);
  return body.isFlat() ? flat(body, times(rows, columns)) : nested(body, rows, columns);
}

function flat(body: LoopBody, count: Count): Statement {
  const whole = body.reductions(undefined);
  const pair = body.round('pair', new Map());
  const last = count.known !== undefined && count.known % 2 === 0 ? [] : lastRound(body, count);
  const end = body.target.locals.local('i32');
  const pairs = [
    body.entry.set(i32.const(0)),
    end.set(i32.shl(i32.and(count.code, i32.const(-2)), i32.const(3))),
    until(body.entry, end, 16, pair),
  ];
  const looped =
    count.known !== undefined && count.known < 2 ? body.entry.set(i32.const(0)) : pairs;
  const finished = whole.map((node) => body.addToTotal(node));
  const started = whole.map((node) => body.start(node));
  return [body.prelude, body.b.setup(), started, looped, last, finished];
}

/** A loop over the rows of a column, in which the entries of an operation are computed too. */
function following(body: LoopBody, { node, between }: Interleaved): Statement {
  const whole = body.reductions(undefined);
  const at = i32.add(body.base(node, true), body.entry);
  const looped = between.emit(body.target, node, (entries, count) => {
    const known = new Map<PlanNode, V128>([[node, entries]]);
    return count === 1
      ? [memory.storeLow(at, entries), body.round('last', known)]
      : [
          memory.store(at, entries),
          body.round('pair', known),
          body.entry.set(i32.add(body.entry, i32.const(16))),
        ];
  });
  const finished = whole.map((node) => body.addToTotal(node));
  const started = whole.map((node) => body.start(node));
  return [body.prelude, body.b.setup(), started, body.entry.set(i32.const(0)), looped, finished];
}

function lastRound(body: LoopBody, count: Count): Statement {
  const last = body.round('last', new Map());
  return count.known === undefined ? when(i32.and(count.code, i32.const(1)), last) : last;
}

function nested(body: LoopBody, rows: Count, columns: number): Statement {
  const all = body.reductions(undefined);
  const across = body.reductions(1);
  const hoisted = body.hoisted();
  const rowStart = body.b.statements();
  const pairEnd = 8 * (columns & -2);
  const pair = body.round('pair', hoisted);
  const last = columns % 2 === 1 ? body.round('last', hoisted) : undefined;
  const rowEnd = body.target.locals.local('i32');
  const stored = across.map((node) => {
    const at = i32.add(body.base(node, true), body.row);
    return memory.storeF64(at, body.total(node));
  });
  const finished = all.map((node) => body.addToTotal(node));
  const started = all.map((node) => body.start(node));
  return [
    body.prelude,
    body.b.setup(),
    started,
    body.entry.set(i32.const(0)),
    body.row.set(i32.const(0)),
    rowEnd.set(i32.shl(rows.code, i32.const(3))),
    until(body.row, rowEnd, 8, [
      rowStart,
      across.map((node) => body.start(node)),
      body.column.set(i32.const(0)),
      columns < 2
        ? []
        : until(body.column, i32.const(pairEnd), 16, [
            pair,
            body.entry.set(i32.add(body.entry, i32.const(16))),
          ]),
      last === undefined ? [] : [last, body.entry.set(i32.add(body.entry, i32.const(8)))],
      stored,
    ]),
    finished,
  ];
}
