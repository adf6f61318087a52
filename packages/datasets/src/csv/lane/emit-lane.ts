import {
  i32,
  leave,
  memory,
  moduleBuilder,
  type Statement,
  sequence,
  when,
  whileTrue,
} from '@steepest/wasm';
import { type Cell, carriageReturn, newline, step } from './emit-cell.ts';
import { labelCell } from './emit-label.ts';
import { numberCell } from './emit-number.ts';
import { question } from './emit-question.ts';
import { ask, column, ending, frame, kinds } from './layout.ts';

const { loadByte, loadI32, storeI32 } = memory;
const c = i32.const;

/**
 * The module of the byte lane: `run(at, end, row, mostRows)` takes lines from `at` as long as it can. `end`
 * lies behind a line feed. Cells go into the columns' stages, from a row on; cells that it cannot judge become
 * questions to the host; at a line that is not plain, the run stops before it.
 */
export function laneModule(): Uint8Array {
  const module = moduleBuilder();
  module.defineValue(
    'run',
    { at: 'i32', end: 'i32', row: 'i32', mostRows: 'i32' },
    'i32',
    (p, f) => {
      const i32s = () => f.local('i32');
      const cell: Cell = {
        at: p.at,
        byte: i32s(),
        start: i32s(),
        column: i32s(),
        row: p.row,
        unsure: i32s(),
        drop: i32s(),
        delimiter: i32s(),
        point: i32s(),
      };
      const [line, lineStart, lastColumn] = [i32s(), i32s(), i32s()];
      const [askAt, askStart, mostAsks] = [i32s(), i32s(), i32s()];
      const { at, byte, start, unsure, drop, row, delimiter } = cell;
      const at0 = c(0);
      const save: Statement = [
        storeI32(at0, lineStart, frame.at),
        storeI32(at0, row, frame.rows),
        storeI32(at0, line, frame.lines),
        storeI32(at0, askStart, frame.asks),
      ];
      const stop: Statement = [save, leave(c(ending.stopped))];
      const kind = loadI32(cell.column, column.kind);
      const oneCell: Statement = [
        start.set(at),
        byte.set(loadByte(at)),
        unsure.set(c(0)),
        when(
          i32.eq(kind, c(kinds.number)),
          numberCell(f, cell, stop),
          when(i32.eq(kind, c(kinds.label)), labelCell(f, cell, stop), unsure.set(c(1))),
        ),
        when(unsure, question(f, cell, { line, lineStart, askAt, stop })),
      ];
      return [
        line.set(c(0)),
        lineStart.set(at),
        delimiter.set(loadI32(at0, frame.delimiter)),
        cell.point.set(loadI32(at0, frame.point)),
        lastColumn.set(i32.sub(loadI32(at0, frame.columnsEnd), c(column.bytes))),
        askStart.set(loadI32(at0, frame.asksStart)),
        mostAsks.set(loadI32(at0, frame.mostAsks)),
        whileTrue(
          i32.and(
            i32.ltU(at, p.end),
            i32.and(i32.ltU(row, p.mostRows), i32.ltU(askStart, mostAsks)),
          ),
          sequence(
            lineStart.set(at),
            askAt.set(askStart),
            drop.set(c(0)),
            cell.column.set(loadI32(at0, frame.columns)),
            whileTrue(
              i32.ne(cell.column, lastColumn),
              sequence(
                oneCell,
                when(i32.ne(byte, delimiter), stop),
                at.set(i32.add(at, c(1))),
                cell.column.set(i32.add(cell.column, c(column.bytes))),
              ),
            ),
            oneCell,
            when(i32.eq(byte, carriageReturn), step(cell)),
            when(i32.ne(byte, newline), stop),
            at.set(i32.add(at, c(1))),
            line.set(i32.add(line, c(1))),
            when(
              drop,
              // Questions of a row that was left out are still asked: they may be errors.
              whileTrue(
                i32.ne(askStart, askAt),
                sequence(
                  storeI32(askStart, i32.xor(row, c(-1)), ask.row),
                  askStart.set(i32.add(askStart, c(ask.bytes))),
                ),
              ),
              sequence(row.set(i32.add(row, c(1))), askStart.set(askAt)),
            ),
          ),
        ),
        lineStart.set(at),
        save,
        c(ending.done),
      ];
    },
  );
  return module.bytes();
}
