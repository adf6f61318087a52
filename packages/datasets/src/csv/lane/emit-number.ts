import {
  f64,
  i32,
  type Locals,
  memory,
  type Statement,
  sequence,
  when,
  whileTrue,
} from '@steepest/wasm';
import { type Cell, emptyCellOf, isBlank, isEnd, quote, step } from './emit-cell.ts';
import { nearestDouble, readDecimal } from './emit-decimal.ts';
import { column } from './layout.ts';

const { loadI32, storeF64, storeI64 } = memory;
const c = i32.const;

/** A decimal number, perhaps in blanks or quotes, into the column's stage. */
export function numberCell(f: Locals, cell: Cell, stop: Statement): Statement {
  const { at, byte, start, unsure, row, delimiter } = cell;
  const quoted = f.local('i32');
  const bits = f.local('i64');
  const decimal = {
    negative: f.local('i32'),
    mantissa: f.local('i64'),
    power: f.local('i32'),
    digits: f.local('i32'),
    unsure,
  };
  const address = i32.add(loadI32(cell.column, column.stage), i32.shl(row, c(3)));
  const skipBlanks = whileTrue(isBlank(cell), sequence(step(cell)));
  const storeIt = sequence(nearestDouble(f, decimal, bits), storeI64(address, bits));
  return sequence(
    quoted.set(c(0)),
    when(
      i32.leU(byte, quote), // a quote, a blank or the end
      sequence(when(i32.eq(byte, quote), sequence(quoted.set(c(1)), step(cell))), skipBlanks),
    ),
    readDecimal(f, at, byte, cell.point, decimal),
    when(
      i32.ne(byte, delimiter),
      sequence(
        skipBlanks,
        when(
          quoted,
          when(
            i32.eq(byte, quote),
            sequence(step(cell), when(i32.eqz(isEnd(cell)), unsure.set(c(1)))),
            unsure.set(c(1)),
          ),
          when(i32.eqz(isEnd(cell)), unsure.set(c(1))),
        ),
      ),
      when(quoted, unsure.set(c(1))), // a delimiter in quotes
    ),
    when(
      decimal.digits,
      when(i32.eqz(unsure), storeIt),
      when(
        i32.and(i32.eq(at, start), isEnd(cell)),
        emptyCellOf(cell, stop, storeF64(address, f64.const(Number.NaN))),
        unsure.set(c(1)),
      ),
    ),
  );
}
