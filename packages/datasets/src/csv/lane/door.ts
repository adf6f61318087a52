import type { Cells } from '../cells.ts';
import type { LaneDoor } from '../record-reader.ts';
import { blockBytes } from '../window.ts';
import { laneMachine } from './compiled.ts';
import { Lane } from './lane.ts';
import { longestCell } from './layout.ts';
import { twin } from './twin.ts';

/** How plain lines are read, always with the same result. */
export type LaneKind = 'wasm' | 'plain' | 'reference';

/** What of a reader's options decides whether there is a lane. */
export interface LaneOptions {
  readonly delimiter?: string;
  readonly decimal?: '.' | ',';
  readonly maxFieldSize?: number;
  readonly lane?: LaneKind;
}

/** Whether plain lines of such a file can be taken without the reference. */
export function hasLane(options: LaneOptions): boolean {
  const { delimiter = ',', decimal = '.', maxFieldSize = longestCell, lane } = options;
  const plain = delimiter !== decimal && /^[^\w"'+\-.\r\n\0]$/.test(delimiter);
  return lane !== 'reference' && plain && delimiter < '\x80' && maxFieldSize >= longestCell;
}

/** A lane for rows of these columns; undefined stands for one that is not read. */
export function laneFor(
  columns: readonly (Cells | undefined)[],
  options: LaneOptions,
  size: {
    readonly textBytes: number;
    /** How long rows are, about. */
    readonly rowBytes: number;
    readonly code?: object | undefined;
  },
  beforeAnswer: (line: number) => void,
): Lane {
  const { delimiter = ',', decimal = '.' } = options;
  const { textBytes, rowBytes, code } = size;
  // A row has a byte for each column at least; where most have more, the stages need not be so long.
  const mostRows = Math.min(textBytes / columns.length, Math.max(64, (2 * textBytes) / rowBytes));
  return new Lane(columns, {
    delimiter,
    decimal,
    textBytes,
    mostRows,
    machine: options.lane === 'plain' ? twin : (bytes) => laneMachine(bytes, code),
    beforeAnswer,
  });
}

/** What a lane is given at once, unless rows are long: small enough for a processor's cache. */
const laneBytes = 128 * 1024;
const mostLaneBytes = 4 * 1024 * 1024;

/** The table that the lane fills, as far as it concerns the lane. */
export interface LaneTable {
  /** Every column of the file; undefined stands for one that is not read. */
  columns(): readonly (Cells | undefined)[];
  /** Rows that have been stored, and about how many bytes each had. */
  rows(): number;
  rowBytes(): number;
  /** The most rows that are wanted. */
  readonly most: number;
  /** Rows were stored by the lane, and others dropped. */
  stored(rows: number, dropped: number): void;
  /** Says which line notes are about. */
  at(line: () => number): void;
}

/** The way of plain lines into a table. */
export function laneDoor(options: LaneOptions, table: LaneTable): LaneDoor {
  let lane: Lane | undefined;
  let within = 0;
  let pieceBytes = blockBytes;
  return {
    get pieceBytes() {
      return pieceBytes;
    },
    ready(window) {
      // While all rows are dropped, the columns to blame are counted.
      if (table.rows() === 0) return false;
      if (lane !== undefined) return true;
      const columns = table.columns();
      // Blank lines of a file of one column are told from cells by its collector.
      if (columns.length === 1 && columns[0] === undefined) return false;
      const textBytes = Math.min(Math.max(laneBytes, 640 * columns.length), mostLaneBytes);
      lane = laneFor(columns, options, { textBytes, rowBytes: table.rowBytes() }, (line) => {
        within = line;
      });
      window.moveTo(lane);
      pieceBytes = textBytes / 2;
      return true;
    },
    take(window) {
      const end = window.lastLineEnd();
      const first = window.line;
      let stopped = false;
      table.at(() => window.line + within);
      while (lane !== undefined && !stopped && window.start < end && table.rows() < table.most) {
        const progress = lane.run(window.start, end, 0, table.most - table.rows());
        const rows = lane.commit(table.rows(), progress);
        table.stored(rows, progress.lines - rows);
        window.skipTo(progress.at, progress.lines);
        stopped = progress.stopped;
      }
      return { lines: window.line - first, stopped };
    },
  };
}
