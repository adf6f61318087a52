import {
  type I32,
  type I64,
  i32,
  i64,
  type Locals,
  memory,
  type Statement,
  sequence,
  when,
  whileTrue,
} from '@steepest/wasm';
import {
  type Cell,
  carriageReturn,
  emptyCellOf,
  isEnd,
  newline,
  quote,
  step,
} from './emit-cell.ts';
import { column, hashFactor, hashShift, mostProbes, slotBytes, slotCode } from './layout.ts';

const { loadByte, loadI32, loadI64, storeI32 } = memory;
const c = i32.const;
const big = i64.const;
const ones = big(0x0101010101010101n);

/** The highest bit of the first byte that is 0, and perhaps of later ones */
const zeroBytes = (x: I64): I64 =>
  i64.and(i64.and(i64.sub(x, ones), i64.xor(x, big(-1n))), big(0x8080808080808080n));

/** Looks a label of up to 15 bytes up among those that are known by now; others are asked about. */
export function labelCell(f: Locals, cell: Cell, stop: Statement): Statement {
  const { at, byte, start, unsure, row, delimiter } = cell;
  const i64s = () => f.local('i64');
  const [first, second, ends, every] = [i64s(), i64s(), i64s(), i64s()];
  const [slot, tries, mark] = ['slot', 'tries', 'mark'].map(() => f.local('i32'));
  const eightTimes = (value: I32): I64 => i64.mul(i64.extendU(value), ones);
  /** Sets `ends` to bits in the bytes that end a cell; a NUL does, so that it is no part of a label. */
  const findEnd = (text: I64): Statement => [
    ends.set(zeroBytes(text)),
    [mark, newline, carriageReturn].map((value) => [
      every.set(i64.xor(text, eightTimes(value))),
      ends.set(i64.or(ends, zeroBytes(every))),
    ]),
  ];
  /** Keeps the bytes before the end, of which there is one. */
  const cutOff = (text: typeof first): Statement => [
    ends.set(i64.and(i64.ctz(ends), big(56n))),
    text.set(i64.and(text, i64.sub(i64.shl(big(1n), ends), big(1n)))),
    at.set(i32.add(at, i32.wrap(i64.shrU(ends, big(3n))))),
  ];
  const address = i32.add(loadI32(cell.column, column.stage), i32.shl(row, c(2)));
  const differs = i32.or(i64.ne(loadI64(slot), first), i64.ne(loadI64(slot, 8), second));
  const lookUp: Statement = [
    slot.set(
      i32.add(
        loadI32(cell.column, column.labels),
        i32.mul(
          i32.wrap(
            i64.shrU(
              i64.mul(i64.xor(second, i64.mul(first, big(hashFactor))), big(hashFactor)),
              big(hashShift),
            ),
          ),
          c(slotBytes),
        ),
      ),
    ),
    tries.set(c(mostProbes)),
    whileTrue(
      i32.and(i32.ne(tries, c(0)), i32.and(differs, i64.ne(loadI64(slot), big(0n)))),
      sequence(slot.set(i32.add(slot, c(slotBytes))), tries.set(i32.sub(tries, c(1)))),
    ),
    when(differs, unsure.set(c(1)), storeI32(address, loadI32(slot, slotCode))),
  ];
  const ended: Statement = [
    byte.set(loadByte(at)),
    when(i32.eq(mark, quote), when(i32.eq(byte, quote), step(cell), unsure.set(c(1)))),
    when(
      i64.eqz(first),
      when(
        i32.and(i32.eq(at, start), isEnd(cell)),
        emptyCellOf(cell, stop, storeI32(address, c(-1))),
        unsure.set(c(1)),
      ),
      sequence(lookUp),
    ),
  ];
  return sequence(
    mark.set(delimiter),
    when(i32.eq(byte, quote), sequence(step(cell), mark.set(quote))),
    first.set(loadI64(at)),
    second.set(big(0n)),
    findEnd(first),
    when(
      i64.eqz(ends),
      sequence(
        at.set(i32.add(at, c(8))),
        second.set(loadI64(at)),
        findEnd(second),
        when(i64.eqz(ends), unsure.set(c(1)), sequence(cutOff(second), ended)),
      ),
      sequence(cutOff(first), ended),
    ),
  );
}
