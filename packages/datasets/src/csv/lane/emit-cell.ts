import { type I32, i32, type Local, memory, type Statement, sequence, when } from '@steepest/wasm';
import { column, emptyCell } from './layout.ts';

const { loadByte, loadI32 } = memory;
const c = i32.const;
export const quote: I32 = c(34);
export const newline: I32 = c(10);
export const carriageReturn: I32 = c(13);

/** Everything that is true of the cell at hand. */
export interface Cell {
  readonly at: Local<I32>;
  readonly byte: Local<I32>;
  readonly start: Local<I32>;
  readonly column: Local<I32>;
  readonly row: Local<I32>;
  /** Set where the host must judge. */
  readonly unsure: Local<I32>;
  /** Set where the row is left out. */
  readonly drop: Local<I32>;
  readonly delimiter: Local<I32>;
  readonly point: Local<I32>;
}

export const step = ({ at, byte }: Cell): Statement => [
  at.set(i32.add(at, c(1))),
  byte.set(loadByte(at)),
];

export const isBlank = ({ byte, delimiter }: Cell): I32 =>
  i32.and(i32.or(i32.eq(byte, c(32)), i32.eq(byte, c(9))), i32.ne(byte, delimiter));

/** At a delimiter or at the end of the line */
export const isEnd = ({ byte, delimiter }: Cell): I32 =>
  i32.or(i32.eq(byte, delimiter), i32.or(i32.eq(byte, newline), i32.eq(byte, carriageReturn)));

/** A cell without a character: stored as a hole, a reason to leave the row out, or a question. */
export function emptyCellOf(cell: Cell, stop: Statement, hole: Statement): Statement {
  const action = loadI32(cell.column, column.empty);
  return when(
    i32.eq(action, c(emptyCell.hole)),
    hole,
    when(
      i32.eq(action, c(emptyCell.drop)),
      cell.drop.set(c(1)),
      sequence(when(i32.eq(action, c(emptyCell.stop)), stop), cell.unsure.set(c(1))),
    ),
  );
}
