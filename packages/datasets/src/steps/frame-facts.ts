import { type Asking, answered, atOnce, got, type Later } from '@steepest/ground';
import { quantileOf } from '../quantile.ts';
import type { FactColumn, Facts } from './facts.ts';
import {
  columnsByName,
  type FittedStep,
  type Frame,
  type FrameColumn,
  type Note,
  type NumericColumn,
} from './frame.ts';
import { MomentSum } from './moments.ts';
import type { Step } from './step.ts';

/** Rows as frames, some at a time, which are gone through anew for each question. */
export interface Frames {
  readonly rows: number;
  readonly file?: string | undefined;
  /** The columns without a row: what is known of them without looking. */
  readonly head: Frame;
  /** All rows at once, where they are in memory. */
  readonly whole?: Frame;
  /** Visits all rows in order; only these columns need be there. */
  each(visit: (frame: Frame) => void, names: readonly string[]): Later<void>;
}

/** The facts of rows that can be gone through as frames. */
export function factsOf(frames: Frames): Facts {
  const columns = frames.head.columns.map(aboutColumn);
  /** One pass in which every column adds to its own sum. */
  const fold = <S>(
    names: readonly string[],
    begin: () => S,
    add: (sum: S, column: FrameColumn) => void,
  ): Later<readonly S[]> =>
    answered(
      (function* (): Asking<readonly S[]> {
        const sums = names.map(begin);
        const visit = (frame: Frame): void => {
          const byName = columnsByName(frame);
          names.forEach((name, k) => {
            add(sums[k], byName.get(name)!);
          });
        };
        if (names.length > 0) yield* got(frames.each(visit, names));
        return sums;
      })(),
    );
  const then = <S, T>(found: Later<readonly S[]>, end: (sum: S) => T): Later<readonly T[]> =>
    found instanceof Promise ? found.then((sums) => sums.map(end)) : found.map(end);
  /** The present numbers of each column, sorted: 8 bytes a row, so one column after the other. */
  const sorted = <T>(names: readonly string[], end: (values: Float64Array) => T) =>
    answered(
      (function* (): Asking<readonly T[]> {
        const found: T[] = [];
        for (const name of names) found.push(end(yield* got(sortedColumn(frames, name))));
        return found;
      })(),
    );
  return {
    rows: frames.rows,
    columns,
    file: frames.file,
    moments: (names) =>
      then(
        fold(
          names,
          () => new MomentSum(),
          (sum, column) => sum.add(numbersOf(column)),
        ),
        (sum) => sum.moments,
      ),
    extremes: (names) =>
      fold(
        names,
        () => ({ low: Infinity, high: -Infinity }),
        (ends, column) => {
          for (const value of numbersOf(column)) {
            if (value < ends.low) ends.low = value;
            if (value > ends.high) ends.high = value;
          }
        },
      ),
    holes: (names) =>
      then(
        fold(
          names,
          () => ({ holes: 0 }),
          (sum, column) => {
            sum.holes += holesIn(column);
          },
        ),
        ({ holes }) => holes,
      ),
    counts: (names) =>
      then(
        fold(
          names,
          () => ({ counts: new Float64Array(0) }),
          (sum, column) => {
            if (column.kind !== 'label') return;
            if (sum.counts.length === 0) sum.counts = new Float64Array(column.levels.length);
            for (const code of column.codes) if (code >= 0) sum.counts[code]++;
          },
        ),
        ({ counts }) => counts,
      ),
    medians: (names) => sorted(names, middleOf),
    quantiles: (names, shares) =>
      sorted(names, (values) => shares.map((share) => quantileOf(values, share))),
    mostFrequent: (names) => sorted(names, longestRun),
    after: (step) => factsOf(stepped(frames, step)),
    ...(frames.whole && { frame: frames.whole }),
  };
}

/** The facts of a frame in memory. */
export function factsOfFrame(frame: Frame): Facts {
  return factsOf({
    rows: frame.rows,
    file: frame.file,
    head: frame,
    whole: frame,
    each: (visit) => visit(frame),
  });
}

/** A built-in step, which learns by asking. */
export function asking(
  step: string,
  learn: (facts: Facts, note: Note) => Asking<FittedStep>,
): Step {
  return { step, learn, fit: (frame, note) => atOnce(learn(factsOfFrame(frame), note)) };
}

function stepped(frames: Frames, step: FittedStep): Frames {
  if (frames.whole !== undefined) {
    const whole = step.apply(frames.whole);
    return { ...frames, head: whole, whole, each: (visit) => visit(whole) };
  }
  const all = frames.head.columns.map(({ name }) => name);
  return {
    ...frames,
    head: step.apply(frames.head),
    // A step may read any column.
    each: (visit) => frames.each((frame) => visit(step.apply(frame)), all),
  };
}

function aboutColumn(column: FrameColumn): FactColumn {
  const { kind, name } = column;
  if (kind === 'label') return { kind, name, levels: column.levels, declared: column.declared };
  if (kind === 'number' && column.cycle !== undefined) return { kind, name, cycle: column.cycle };
  return { kind, name };
}

function numbersOf(column: FrameColumn): Float64Array {
  return column.kind === 'label' ? new Float64Array(0) : column.values;
}

export function holesIn(column: FrameColumn): number {
  let holes = 0;
  if (column.kind === 'label') for (const code of column.codes) holes += code < 0 ? 1 : 0;
  else for (const value of column.values) holes += Number.isNaN(value) ? 1 : 0;
  return holes;
}

function sortedColumn(frames: Frames, name: string): Later<Float64Array> {
  const present = new Float64Array(frames.rows);
  let count = 0;
  const visit = (frame: Frame): void => {
    const column = frame.columns.find((other) => other.name === name) as NumericColumn;
    for (const value of column.values) if (!Number.isNaN(value)) present[count++] = value;
  };
  const done = frames.each(visit, [name]);
  const end = (): Float64Array => present.subarray(0, count).sort();
  return done instanceof Promise ? done.then(end) : end();
}

function middleOf(sorted: Float64Array): number | undefined {
  if (sorted.length === 0) return undefined;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

/** The value of the longest run of equal ones, the first of several. */
function longestRun(sorted: Float64Array): number | undefined {
  let [best, length] = [sorted[0], 0];
  for (let i = 0; i < sorted.length; ) {
    const start = i;
    while (i < sorted.length && sorted[i] === sorted[start]) i++;
    if (i - start > length) [best, length] = [sorted[start], i - start];
  }
  return length === 0 ? undefined : best;
}
