import { type Cells, DROPPED, type LaneCells, REFUSED, type Staged } from '../cells.ts';
import {
  ask,
  column,
  columnsStart,
  emptyCell,
  ending,
  fives,
  frame,
  hashFactor,
  hashShift,
  kinds,
  labelSlots,
  mostLabelBytes,
  mostProbes,
  padding,
  slotBytes,
  slotCode,
  tens,
} from './layout.ts';
import type { Machine } from './machine.ts';
import { powersOfFive } from './powers.ts';

/** A column of the file and what collects it; undefined if it is not read. */
export type LaneColumn = Cells | undefined;

/** What a run did. */
export interface Progress {
  /** The address of the first line that was not taken. */
  readonly at: number;
  /** How many rows are staged, and which of them are left out after all. */
  readonly rows: number;
  readonly skipped: readonly number[];
  /** How many lines were taken. */
  readonly lines: number;
  /** Whether there is a line that it cannot take. */
  readonly stopped: boolean;
}

const mostLabelColumns = 256;
const tableBytes = (labelSlots + mostProbes) * slotBytes;

/**
 * The byte lane: takes plain lines out of its own memory into the columns. A cell that it cannot judge
 * is judged by the column's own collector; a line that is not plain is left to the reference.
 */
export class Lane {
  readonly #columns: readonly LaneColumn[];
  readonly #machine: Machine;
  readonly #mostRows: number;
  /** Where each column's staged cells begin. */
  readonly #stages: Int32Array;
  /** Staged texts, by column. */
  readonly #texts: (string | null)[][];
  readonly #answer: (lines: number) => void;
  readonly #cached: Int32Array;
  #words!: Int32Array;
  #doubles!: Float64Array;
  #bytes!: Uint8Array;
  /** Where the text begins. */
  readonly textStart: number;

  /** `beforeAnswer` is told the line, counted from the run's first, of the cell that is judged next. */
  constructor(
    columns: readonly LaneColumn[],
    options: {
      readonly delimiter: string;
      readonly decimal: '.' | ',';
      readonly textBytes: number;
      readonly mostRows: number;
      readonly machine: (bytes: number) => Machine;
      readonly beforeAnswer: (line: number) => void;
    },
  ) {
    this.#columns = columns;
    this.#answer = options.beforeAnswer;
    this.#texts = columns.map(() => []);
    this.#cached = new Int32Array(columns.length);
    // No multiple of 512, so that the columns' stages do not share the same sets of the cache.
    const rows = Math.ceil(options.mostRows / 8) * 8;
    this.#mostRows = rows % 512 === 0 ? rows + 8 : rows;
    const labels = columns.filter((cells) => cells?.lane.kind === 'label').length;
    const withTables = labels <= mostLabelColumns;
    const asks = columnsStart + columns.length * column.bytes;
    const mostAsks = Math.max(1024, 2 * columns.length);
    let next = asks + mostAsks * ask.bytes;
    next = Math.ceil(next / 64) * 64;
    const tables: number[] = columns.map((cells) => {
      if (cells?.lane.kind !== 'label' || !withTables) return 0;
      next += tableBytes;
      return next - tableBytes;
    });
    next = Math.ceil(next / 64) * 64;
    this.#stages = Int32Array.from(columns, (cells) => {
      const at = next;
      if (cells !== undefined) next += this.#mostRows * 8;
      return at;
    });
    this.textStart = next;
    this.#machine = options.machine(next + options.textBytes + padding);
    this.#view();
    const words = this.#words;
    words[frame.columns >> 2] = columnsStart;
    words[frame.columnsEnd >> 2] = columnsStart + columns.length * column.bytes;
    words[frame.delimiter >> 2] = options.delimiter.charCodeAt(0);
    words[frame.point >> 2] = options.decimal.charCodeAt(0);
    words[frame.asksStart >> 2] = asks;
    words[frame.mostAsks >> 2] = asks + (mostAsks - columns.length) * ask.bytes;
    const wide = new BigUint64Array(this.#machine.buffer());
    for (let k = 0; k < 8; k++) wide[tens / 8 + k] = 10n ** BigInt(k);
    wide.set(powersOfFive(), fives / 8);
    columns.forEach((cells, i) => {
      const at = (columnsStart + i * column.bytes) >> 2;
      const kind = kindOf(cells?.lane, withTables);
      words[at] = kind;
      words[at + 1] = columns.length === 1 ? emptyCell.stop : emptyCell[cells?.lane.empty ?? 'ask'];
      words[at + 2] = tables[i];
      words[at + 3] = this.#stages[i];
    });
  }

  /** The memory for text, from `textStart` on. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Makes room for so many bytes of text. */
  reserve(textBytes: number): void {
    this.#machine.grow(this.textStart + textBytes + padding);
    this.#view();
  }

  #view(): void {
    const buffer = this.#machine.buffer();
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer, 0, buffer.byteLength >> 3);
    this.#bytes = new Uint8Array(buffer);
  }

  /**
   * Takes lines from `at`; `end` lies behind a line feed. What was taken waits in the stages, from `row`
   * on, until `commit`.
   */
  run(at: number, end: number, row = 0, most: number = this.#mostRows): Progress {
    const outcome = this.#machine.run(at, end, row, Math.min(most, this.#mostRows));
    const words = this.#words;
    const stopped = outcome === ending.stopped;
    const found = {
      at: words[frame.at >> 2],
      rows: words[frame.rows >> 2],
      lines: words[frame.lines >> 2],
      stopped,
    };
    const skipped: number[] = [];
    const last = words[frame.asks >> 2];
    for (let entry = words[frame.asksStart >> 2]; entry < last; entry += ask.bytes) {
      const q = entry >> 2;
      const i = (words[q + (ask.column >> 2)] - columnsStart) / column.bytes;
      const staged = words[q];
      const line = words[q + (ask.line >> 2)];
      const raw = this.#decode(words[q + (ask.from >> 2)], words[q + (ask.to >> 2)]);
      const cells = this.#columns[i];
      if (cells === undefined && raw !== undefined) continue; // not read, but well-formed text
      this.#answer(line);
      const value =
        raw === undefined || (this.#columns.length === 1 && isBlank(raw))
          ? REFUSED
          : cells!.read(raw);
      if (value === REFUSED) {
        const rows = staged < 0 ? -1 - staged : staged;
        return {
          at: words[q + (ask.lineStart >> 2)],
          rows,
          lines: line,
          stopped: true,
          skipped: skipped.filter((row) => row < rows),
        };
      }
      if (staged < 0) continue;
      if (value === DROPPED) {
        if (skipped.at(-1) !== staged) skipped.push(staged);
        continue;
      }
      this.#stage(i, staged, value, cells!.lane.kind);
      if (cells!.lane.kind === 'label') this.#remember(i, raw!, value as number);
    }
    return { ...found, skipped };
  }

  #stage(i: number, row: number, value: number | string | null, kind: LaneCells['kind']): void {
    if (kind === 'text') this.#texts[i][row] = value as string | null;
    else if (kind === 'label') this.#words[(this.#stages[i] >> 2) + row] = value as number;
    else this.#doubles[(this.#stages[i] >> 3) + row] = value as number;
  }

  /** Hands the staged rows to the columns, from row `at` of the table on; returns how many there were. */
  commit(at: number, { rows, skipped }: Pick<Progress, 'rows' | 'skipped'>): number {
    let to = at;
    let from = 0;
    for (const skip of [...skipped, rows]) {
      if (skip > from) {
        for (let i = 0; i < this.#columns.length; i++) {
          const cells = this.#columns[i];
          if (cells !== undefined) cells.append(to, this.#staged(i, cells.lane.kind, from, skip));
        }
        to += skip - from;
      }
      from = skip + 1;
    }
    return to - at;
  }

  #staged(i: number, kind: LaneCells['kind'], from: number, to: number): Staged {
    if (kind === 'text') return { values: this.#texts[i], from, to };
    const start = this.#stages[i];
    return kind === 'label'
      ? { values: this.#words, from: (start >> 2) + from, to: (start >> 2) + to }
      : { values: this.#doubles, from: (start >> 3) + from, to: (start >> 3) + to };
  }

  /** The text between two addresses; undefined if it is not UTF-8. */
  #decode(from: number, to: number): string | undefined {
    return textOf(this.#bytes, from, to);
  }

  /** Puts a label into the column's table, if it is short and there is room. */
  #remember(i: number, raw: string, code: number): void {
    const table = this.#words[((columnsStart + i * column.bytes) >> 2) + (column.labels >> 2)];
    if (table === 0 || raw.length === 0 || this.#cached[i] >= labelSlots / 2) return;
    if (raw.length > mostLabelBytes) return;
    const words = [0n, 0n];
    for (let k = 0; k < raw.length; k++) {
      const unit = raw.charCodeAt(k);
      if (unit > 127 || unit < 32) return;
      words[k >> 3] |= BigInt(unit) << BigInt(8 * (k & 7));
    }
    const [first, second] = words;
    const wide = new BigUint64Array(this.#machine.buffer());
    const mixed = BigInt.asUintN(
      64,
      (second ^ BigInt.asUintN(64, first * hashFactor)) * hashFactor,
    );
    const slot = Number(mixed >> hashShift);
    for (let k = 0; k < mostProbes; k++) {
      const at = table + (slot + k) * slotBytes;
      if (wide[at / 8] === first && wide[at / 8 + 1] === second) return;
      if (wide[at / 8] !== 0n) continue;
      wide.set(words, at / 8);
      this.#words[(at + slotCode) >> 2] = code;
      this.#cached[i]++;
      return;
    }
  }
}

function kindOf(lane: LaneCells | undefined, withTables: boolean): number {
  if (lane === undefined) return kinds.skip;
  if (lane.kind === 'number') return kinds.number;
  return lane.kind === 'label' && withTables ? kinds.label : kinds.each;
}

const isBlank = (raw: string): boolean => /^[ \t]*$/.test(raw);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (to - from < 24) {
    let text = '';
    for (let i = from; i < to; i++) {
      if (bytes[i] > 127) break;
      text += String.fromCharCode(bytes[i]);
    }
    if (text.length === to - from) return text;
  }
  try {
    return decoder.decode(bytes.subarray(from, to));
  } catch {
    return undefined;
  }
}
