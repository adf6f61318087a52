import {
  f64,
  type I32,
  i32,
  i64,
  type Local,
  type Locals,
  leave,
  memory,
  moduleBuilder,
  type Statement,
  sequence,
  when,
  whileTrue,
} from '@steepest/wasm';
import { nearestDouble, readDecimal } from './emit-number.ts';
import {
  ask,
  column,
  emptyCell,
  ending,
  frame,
  hashFactor,
  hashShift,
  kinds,
  longestCell,
  mostProbes,
  slotBytes,
} from './layout.ts';

const { loadByte, loadI32, loadI64, storeF64, storeI32, storeI64 } = memory;
const c = i32.const;
const big = i64.const;
const quote = c(34);
const newline = c(10);
const carriageReturn = c(13);

/** Everything that is true of the cell at hand. */
interface Cell {
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

const step = ({ at, byte }: Cell): Statement => [at.set(i32.add(at, c(1))), byte.set(loadByte(at))];

const isBlank = ({ byte, delimiter }: Cell): I32 =>
  i32.and(i32.or(i32.eq(byte, c(32)), i32.eq(byte, c(9))), i32.ne(byte, delimiter));

/** At a delimiter or at the end of the line */
const isEnd = ({ byte, delimiter }: Cell): I32 =>
  i32.or(i32.eq(byte, delimiter), i32.or(i32.eq(byte, newline), i32.eq(byte, carriageReturn)));

/**
 * The module of the byte lane: `run(at, end, mostRows)` takes lines from `at` as long as it can. `end`
 * lies behind a line feed. Cells go into the columns' stages; cells that it cannot judge become
 * questions to the host; at a line that is not plain, the run stops before it.
 */
export function laneModule(): Uint8Array {
  const module = moduleBuilder();
  module.defineValue('run', { at: 'i32', end: 'i32', mostRows: 'i32' }, 'i32', (p, f) => {
    const i32s = () => f.local('i32');
    const cell: Cell = {
      at: p.at,
      byte: i32s(),
      start: i32s(),
      column: i32s(),
      row: i32s(),
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
      row.set(c(0)),
      line.set(c(0)),
      lineStart.set(at),
      delimiter.set(loadI32(at0, frame.delimiter)),
      cell.point.set(loadI32(at0, frame.point)),
      lastColumn.set(i32.sub(loadI32(at0, frame.columnsEnd), c(column.bytes))),
      askStart.set(loadI32(at0, frame.asksStart)),
      mostAsks.set(loadI32(at0, frame.mostAsks)),
      whileTrue(
        i32.and(i32.ltU(at, p.end), i32.and(i32.ltU(row, p.mostRows), i32.ltU(askStart, mostAsks))),
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
  });
  return module.bytes();
}

/** A cell without a character: stored as a hole, a reason to leave the row out, or a question. */
function emptyCellOf(cell: Cell, stop: Statement, hole: Statement): Statement {
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

function numberCell(f: Locals, cell: Cell, stop: Statement): Statement {
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

/** A label of up to 7 bytes that is known by now; others are asked about. */
function labelCell(f: Locals, cell: Cell, stop: Statement): Statement {
  const { at, byte, start, unsure, row, delimiter } = cell;
  const [text, ends, key, every] = [f.local('i64'), f.local('i64'), f.local('i64'), f.local('i64')];
  const [slot, tries, end] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const bytes = (value: I32) => i64.mul(i64.extendU(value), big(0x0101010101010101n));
  /** The highest bit of the first byte that is 0, and perhaps of later ones */
  const zeroBytes = (x: typeof text) =>
    i64.and(
      i64.and(i64.sub(x, big(0x0101010101010101n)), i64.xor(x, big(-1n))),
      big(0x8080808080808080n),
    );
  const found = (value: I32): Statement => [
    every.set(i64.xor(text, bytes(value))),
    ends.set(i64.or(ends, zeroBytes(every))),
  ];
  const address = i32.add(loadI32(cell.column, column.stage), i32.shl(row, c(2)));
  const nextSlot: Statement = [
    slot.set(i32.add(slot, c(slotBytes))),
    tries.set(i32.sub(tries, c(1))),
  ];
  return sequence(
    end.set(delimiter),
    when(i32.eq(byte, quote), sequence(step(cell), end.set(quote))),
    text.set(loadI64(at)),
    ends.set(zeroBytes(text)), // a NUL must not look like the end of the key
    found(end),
    found(newline),
    found(carriageReturn),
    // A delimiter within quotes is looked for in vain: no label in the table holds one.
    when(
      i64.eqz(ends),
      unsure.set(c(1)),
      sequence(
        ends.set(i64.and(i64.ctz(ends), big(56n))),
        key.set(i64.and(text, i64.sub(i64.shl(big(1n), ends), big(1n)))),
        at.set(i32.add(at, i32.wrap(i64.shrU(ends, big(3n))))),
        byte.set(loadByte(at)),
        when(i32.eq(end, quote), when(i32.eq(byte, quote), step(cell), unsure.set(c(1)))),
        when(
          i64.eqz(key),
          when(
            i32.and(i32.eq(at, start), isEnd(cell)),
            emptyCellOf(cell, stop, storeI32(address, c(-1))),
            unsure.set(c(1)),
          ),
          sequence(
            slot.set(
              i32.add(
                loadI32(cell.column, column.labels),
                i32.mul(
                  i32.wrap(i64.shrU(i64.mul(key, big(hashFactor)), big(hashShift))),
                  c(slotBytes),
                ),
              ),
            ),
            tries.set(c(mostProbes)),
            whileTrue(
              i32.and(
                i32.ne(tries, c(0)),
                i32.and(i64.ne(loadI64(slot), key), i64.ne(loadI64(slot), big(0n))),
              ),
              sequence(nextSlot),
            ),
            when(i64.eq(loadI64(slot), key), storeI32(address, loadI32(slot, 8)), unsure.set(c(1))),
          ),
        ),
      ),
    ),
  );
}

/** Finds the end of a cell from its start, and notes it for the host. */
function question(
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
