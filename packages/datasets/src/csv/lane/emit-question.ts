import {
  type I32,
  i32,
  type Local,
  type Locals,
  memory,
  type Statement,
  sequence,
  when,
  whileTrue,
} from '@steepest/wasm';
import { type Cell, carriageReturn, newline, quote, step } from './emit-cell.ts';
import { ask, column, kinds, longestCell } from './layout.ts';

const { loadByte, loadI32, storeI32 } = memory;
const c = i32.const;

/** Finds the end of a cell from its start, and notes it for the host. */
export function question(
  f: Locals,
  cell: Cell,
  run: {
    readonly line: I32;
    readonly lineStart: I32;
    readonly askAt: Local<I32>;
    readonly stop: Statement;
  },
): Statement {
  const { at, byte, start, row, delimiter } = cell;
  const [from, to, every, isSkip] = ['from', 'to', 'every', 'skip'].map(() => f.local('i32'));
  const inText = i32.eqz(
    i32.or(i32.eq(byte, quote), i32.or(i32.eq(byte, newline), i32.eq(byte, carriageReturn))),
  );
  const take: Statement = [every.set(i32.or(every, byte)), step(cell)];
  const { askAt, line, lineStart, stop } = run;
  return sequence(
    at.set(start),
    byte.set(loadByte(at)),
    every.set(c(0)),
    when(
      i32.eq(byte, quote),
      sequence(
        step(cell),
        from.set(at),
        whileTrue(inText, sequence(take)),
        to.set(at),
        when(i32.ne(byte, quote), stop),
        step(cell),
      ),
      sequence(
        from.set(at),
        whileTrue(i32.and(inText, i32.ne(byte, delimiter)), sequence(take)),
        to.set(at),
        when(i32.eq(byte, quote), stop),
      ),
    ),
    when(i32.gtU(i32.sub(to, from), c(longestCell)), stop),
    isSkip.set(i32.eq(loadI32(cell.column, column.kind), c(kinds.skip))),
    when(
      i32.eqz(i32.and(isSkip, i32.ltU(every, c(128)))),
      sequence(
        storeI32(askAt, row, ask.row),
        storeI32(askAt, line, ask.line),
        storeI32(askAt, lineStart, ask.lineStart),
        storeI32(askAt, cell.column, ask.column),
        storeI32(askAt, from, ask.from),
        storeI32(askAt, to, ask.to),
        askAt.set(i32.add(askAt, c(ask.bytes))),
      ),
    ),
  );
}
