import { readSync } from 'node:fs';
import type { Cells } from '../csv/cells.ts';
import { cellsFor } from '../csv/cells-for.ts';
import { laneFor } from '../csv/lane/door.ts';
import type { Lane } from '../csv/lane/lane.ts';
import type { Part, PlacedNote, Shared } from '../csv/shared.ts';

/** The words of the control block, which threads share. */
export const word = {
  /** The next segment that nobody has taken, and the one whose rows are stored next. */
  next: 0,
  turn: 1,
  /** Set once a line was met that is for the reference, or all is done. */
  stopped: 2,
  /** 0 until the helping thread runs (1), or is no longer wanted (−1). */
  joined: 3,
  rows: 4,
  lines: 5,
  dropped: 6,
  count: 8,
} as const;

/** A file whose rest is cut into segments of bytes; threads take them in turn. */
export interface SegmentJob extends Shared {
  readonly file: number;
  /** The file's bytes; a line belongs to the segment in which it begins. */
  readonly size: number;
  readonly segmentBytes: number;
  /** How many bytes behind a segment may belong to its last line. */
  readonly overhang: number;
  readonly control: Int32Array;
  /** Up to where in the file lines are stored. */
  readonly reached: Float64Array;
  /** The lane's compiled code, if another thread has it already. */
  readonly code?: object | undefined;
}

const NEWLINE = 10;

/**
 * Takes segments until none is left or one stops: reads it, parses it, waits for its turn, and stores
 * its rows behind those of the segment before, so that the table is as one thread would make it.
 * Yields the turn that it has seen where it must wait, and −1 after each segment.
 */
export function* takeSegments(job: SegmentJob): Generator<number, Part> {
  const { control, size, segmentBytes, position: start } = job;
  let within = 0;
  let pending: (Omit<PlacedNote, 'line'> & { within: number })[] = [];
  const notes: PlacedNote[] = [];
  const rows: number[] = [];
  const cells = job.columns.map((shared, i): Cells | undefined => {
    if (shared === null) return undefined;
    const made = cellsFor({
      column: shared.column,
      policy: shared.policy,
      comma: job.options.decimal === ',',
      note: (kind, raw) => pending.push({ kind, column: i, raw, within }),
    });
    made.sharing?.use(shared.buffer);
    return made;
  });
  const textBytes = segmentBytes + job.overhang + 1;
  const rowBytes = start / job.rows;
  let before = 0; // lines of this segment that earlier runs took
  const answering = (line: number): void => {
    within = before + line;
  };
  const lane = laneFor(cells, job.options, { textBytes, rowBytes, code: job.code }, answering);
  lane.reserve(textBytes);
  const stopped = (): boolean => Atomics.load(control, word.stopped) !== 0;

  for (;;) {
    const segment = Atomics.add(control, word.next, 1);
    const from = start + segment * segmentBytes;
    if (from >= size || stopped()) break;
    pending = [];
    before = 0;
    const text = linesOf(job, lane, segment, from);
    let { at } = text;
    let { odd } = text;
    let skipped: number[] = [];
    let staged = 0;
    let told = 0; // notes of this segment that have their lines by now
    let mine = false;
    do {
      if (at < text.end) {
        const progress = lane.run(at, text.end, staged);
        before += progress.lines;
        staged = progress.rows;
        skipped.push(...progress.skipped);
        at = progress.at;
        odd ||= progress.stopped;
        const isFull = progress.lines === 0 && !progress.stopped;
        if (!odd && !isFull && at < text.end) continue;
      }
      while (!mine && !stopped()) {
        const turn = Atomics.load(control, word.turn);
        mine = turn === segment;
        if (!mine) yield turn;
      }
      if (!mine) break;
      const row = Atomics.load(control, word.rows);
      if (row + staged > job.capacity) {
        odd = true;
        break;
      }
      const stored = lane.commit(row, { rows: staged, skipped });
      const lines = before - told;
      const line = job.line + Atomics.load(control, word.lines) - told;
      for (const { within: w, ...note } of pending) {
        if (w < before) notes.push({ ...note, line: line + w });
      }
      pending = [];
      if (stored > 0) rows.push(row, row + stored);
      Atomics.add(control, word.rows, stored);
      Atomics.add(control, word.lines, lines);
      Atomics.add(control, word.dropped, lines - stored);
      if (text.position !== undefined) job.reached[0] = text.position + (at - lane.textStart);
      told = before;
      staged = 0;
      skipped = [];
    } while (!odd && at < text.end);
    if (!mine) break;
    if (odd) Atomics.store(control, word.stopped, 1);
    Atomics.store(control, word.turn, segment + 1);
    Atomics.notify(control, word.turn);
    yield -1;
  }
  return { notes, rows, labels: cells.map((each) => each?.sharing?.labels?.() ?? null) };
}

/** Reads a segment into the lane's memory, and says where its lines begin and end there, if that is known. */
function linesOf(
  { file, size, segmentBytes, overhang }: SegmentJob,
  lane: Lane,
  segment: number,
  from: number,
): { at: number; end: number; position: number | undefined; odd: boolean } {
  const lead = segment === 0 ? 0 : 1; // the byte before tells whether a line begins at the first
  const position = from - lead;
  const { bytes, textStart } = lane;
  const wanted = Math.min(segmentBytes + overhang + lead, size - position);
  let got = 0;
  while (got < wanted) {
    const count = readSync(file, bytes, textStart + got, wanted - got, position + got);
    if (count === 0) break; // the file has become shorter
    got += count;
  }
  const text = bytes.subarray(textStart, textStart + got);
  const first = lead === 0 ? 0 : text.indexOf(NEWLINE) + 1;
  const isLast = from + segmentBytes >= size;
  const nominal = lead + segmentBytes;
  const last = isLast ? text.lastIndexOf(NEWLINE) : text.indexOf(NEWLINE, nominal - 1);
  const none = (lead === 1 && first === 0) || got < wanted || (last < 0 && !isLast);
  if (none) return { at: textStart, end: textStart, position: undefined, odd: true };
  const at = textStart + first;
  return { at, end: Math.max(at, textStart + last + 1), position, odd: false };
}
