import { ask, column, emptyCell, ending, frame, kinds, longestCell, padding } from './layout.ts';
import type { Machine } from './machine.ts';

const quote = 34;
const newline = 10;
const carriageReturn = 13;
const exactTens = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** The lane in plain TypeScript over memory of the same layout, for hosts without WebAssembly. */
export function twin(size: number): Machine {
  let buffer = new ArrayBuffer(Math.ceil(size / 8) * 8);
  let bytes = new Uint8Array(buffer);
  let words = new Int32Array(buffer);
  let doubles = new Float64Array(buffer);
  const latin = new TextDecoder('latin1');

  // What the cell at hand says; a run is one call, so these are its locals.
  let at = 0;
  let unsure = false;
  let drop = false;
  let stop = false;

  const isEnd = (delimiter: number): boolean =>
    bytes[at] === delimiter || bytes[at] === newline || bytes[at] === carriageReturn;

  function skipBlanks(delimiter: number): void {
    while ((bytes[at] === 32 || bytes[at] === 9) && bytes[at] !== delimiter) at++;
  }

  function empty(col: number): boolean {
    const action = words[(col + column.empty) >> 2];
    if (action === emptyCell.hole) return true;
    if (action === emptyCell.drop) drop = true;
    else if (action === emptyCell.stop) stop = true;
    else unsure = true;
    return false;
  }

  /** The number at `at`, which moves behind it. Sets `unsure` where the host must judge. */
  function decimal(point: number): { digits: number; value: number } {
    const begin = at;
    const negative = bytes[at] === 45;
    if (negative || bytes[at] === 43) at++;
    const first = at;
    let mantissa = 0;
    for (; bytes[at] - 48 < 10 && bytes[at] >= 48; at++) mantissa = mantissa * 10 + bytes[at] - 48;
    let digits = at - first;
    if (digits > 1 && bytes[first] === 48) unsure = true;
    let power = 0;
    if (bytes[at] === point) {
      const from = ++at;
      for (; bytes[at] - 48 < 10 && bytes[at] >= 48; at++)
        mantissa = mantissa * 10 + bytes[at] - 48;
      power = from - at;
      digits += at - from;
    }
    if ((bytes[at] | 32) === 101) {
      if (digits === 0) unsure = true;
      at++;
      const minus = bytes[at] === 45;
      if (minus || bytes[at] === 43) at++;
      const from = at;
      let exponent = 0;
      for (; bytes[at] - 48 < 10 && bytes[at] >= 48; at++)
        exponent = exponent * 10 + bytes[at] - 48;
      if (at === from || at - from > 4) unsure = true;
      power += minus ? -exponent : exponent;
    }
    if (unsure || digits === 0) return { digits, value: 0 };
    let value: number;
    // A mantissa below 2^53 and a power up to 10^22 are doubles, so one rounding is all (Clinger 1990).
    if (mantissa <= Number.MAX_SAFE_INTEGER && power >= -22 && power <= 22) {
      value = power < 0 ? mantissa / exactTens[-power] : mantissa * exactTens[power];
      if (negative) value = -value;
    } else {
      const text = latin.decode(bytes.subarray(begin, at));
      value = Number(point === 46 ? text : text.replace(',', '.'));
    }
    const size = Math.abs(value);
    // Too large to be kept digit by digit, subnormal or zero: the host looks for a warning.
    if (size > Number.MAX_SAFE_INTEGER || (size < 2.3e-308 && mantissa !== 0)) unsure = true;
    return { digits, value };
  }

  function numberCell(start: number, col: number, row: number): void {
    const delimiter = words[frame.delimiter >> 2];
    const quoted = bytes[at] === quote;
    if (quoted) at++;
    skipBlanks(delimiter);
    const { digits, value } = decimal(words[frame.point >> 2]);
    skipBlanks(delimiter);
    if (quoted) {
      if (bytes[at] === quote) at++;
      else unsure = true;
    }
    if (!isEnd(delimiter)) unsure = true;
    const to = (words[(col + column.stage) >> 2] >> 3) + row;
    if (digits === 0) {
      if (at !== start || !isEnd(delimiter)) unsure = true;
      else if (empty(col)) doubles[to] = Number.NaN;
    } else if (!unsure) doubles[to] = value;
  }

  /** Leaves `at` behind the cell; returns whether its bytes are all ASCII. */
  function endOfCell(delimiter: number): { from: number; to: number; ascii: boolean } {
    const quoted = bytes[at] === quote;
    if (quoted) at++;
    const from = at;
    let every = 0;
    while (
      bytes[at] !== quote &&
      bytes[at] !== newline &&
      bytes[at] !== carriageReturn &&
      (quoted || bytes[at] !== delimiter)
    ) {
      every |= bytes[at++];
    }
    const to = at;
    if ((bytes[at] === quote) !== quoted || to - from > longestCell) stop = true;
    else if (quoted) at++;
    return { from, to, ascii: every < 128 };
  }

  function run(begin: number, end: number, firstRow: number, mostRows: number): number {
    at = begin;
    let row = firstRow;
    let line = 0;
    let lineStart = begin;
    const delimiter = words[frame.delimiter >> 2];
    const lastColumn = words[frame.columnsEnd >> 2] - column.bytes;
    let askStart = words[frame.asksStart >> 2];
    const mostAsks = words[frame.mostAsks >> 2];
    stop = false;
    while (at < end && row < mostRows && askStart < mostAsks) {
      lineStart = at;
      let askAt = askStart;
      drop = false;
      for (let col = words[frame.columns >> 2]; ; col += column.bytes) {
        const start = at;
        const kind = words[(col + column.kind) >> 2];
        unsure = kind !== kinds.number;
        if (!unsure) numberCell(start, col, row);
        if (unsure && !stop) {
          at = start;
          const { from, to, ascii } = endOfCell(delimiter);
          if (!stop && !(kind === kinds.skip && ascii)) {
            const at4 = askAt >> 2;
            words[at4 + (ask.row >> 2)] = row;
            words[at4 + (ask.line >> 2)] = line;
            words[at4 + (ask.lineStart >> 2)] = lineStart;
            words[at4 + (ask.column >> 2)] = col;
            words[at4 + (ask.from >> 2)] = from;
            words[at4 + (ask.to >> 2)] = to;
            askAt += ask.bytes;
          }
        }
        if (col === lastColumn) break;
        if (stop || bytes[at] !== delimiter) {
          stop = true;
          break;
        }
        at++;
      }
      if (!stop && bytes[at] === carriageReturn) at++;
      if (stop || bytes[at] !== newline) {
        stop = true;
        break;
      }
      at++;
      line++;
      if (drop) for (; askStart < askAt; askStart += ask.bytes) words[askStart >> 2] = ~row;
      else row++;
      askStart = askAt;
      lineStart = at;
    }
    words[frame.at >> 2] = lineStart;
    words[frame.rows >> 2] = row;
    words[frame.lines >> 2] = line;
    words[frame.asks >> 2] = askStart;
    return stop ? ending.stopped : ending.done;
  }

  return {
    run,
    buffer: () => buffer,
    grow(wanted) {
      const larger = new Uint8Array(Math.ceil((wanted + padding) / 8) * 8);
      larger.set(bytes);
      buffer = larger.buffer;
      bytes = larger;
      words = new Int32Array(buffer);
      doubles = new Float64Array(buffer);
    },
  };
}
