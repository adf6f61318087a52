import { nothingSeen, type Seen, see, seeMissing } from '../schema/infer.ts';
import type { NamedColumn } from '../schema/schema.ts';
import type { NumberValues, Values } from '../table/table.ts';
import { type CellContext, type Cells, REFUSED } from './cells.ts';
import { cellsFor } from './cells-for.ts';
import { numberCells } from './number-cells.ts';

/** A column that is read under a guess, and what was seen in it. */
export interface Guess extends Cells {
  /** Whether the guess was wrong, so that the column must be read again. */
  readonly surprised: boolean;
  /** What was seen, after `finish`. */
  seen(values: Values): Seen;
  /** The column as it was decided, after `finish`; undefined if it is not read. */
  decided(column: NamedColumn, values: Values): Values | undefined;
}

/** Numbers, as long as no cell is anything else or would lose digits. */
export function guessNumbers(context: CellContext): Guess {
  const seen = nothingSeen(context.column.name);
  let surprised = false;
  const cells = numberCells({
    ...context,
    policy: 'keep',
    note(kind, raw) {
      if (kind === 'underflow') context.note(kind, raw);
      else surprised = true;
    },
  });
  const read = (raw: string): number => {
    if (seeMissing(seen, raw)) return Number.NaN;
    const value = cells.read(raw) as number;
    if (value !== REFUSED) return value;
    surprised = true;
    return Number.NaN;
  };
  return {
    ...cells,
    lane: { kind: 'number', empty: 'ask' },
    read,
    put(row, raw) {
      cells.append(row, { values: Float64Array.of(read(raw)), from: 0, to: 1 });
      return 0;
    },
    get surprised() {
      return surprised;
    },
    seen(values) {
      for (const value of (values as NumberValues).values) {
        if (Number.isNaN(value)) continue;
        seen.present++;
        if (value < seen.low) seen.low = value;
        if (value > seen.high) seen.high = value;
      }
      seen.numbers = seen.present;
      return seen;
    },
    decided: (column, values) => (column.type === 'ignored' ? undefined : values),
  };
}

/** Anything: every cell is looked at as `inferSchema` does, and kept until the type is decided. */
export function guessNothing(context: CellContext, maxLevels: number): Guess {
  const seen = nothingSeen(context.column.name);
  const raws: string[] = [];
  const { comma, line = () => 1 } = context;
  const how = { comma, maxLevels, line };
  const texts = cellsFor({ ...context, column: { name: context.column.name, type: 'text' } });
  const read = (raw: string): string | number => {
    if (texts.read(raw) === REFUSED) return REFUSED; // as a text or a label it would be, too
    see(seen, raw, how);
    return raw;
  };
  return {
    lane: { kind: 'text', empty: 'ask' },
    surprised: false,
    read,
    put(row, raw) {
      const text = read(raw);
      if (typeof text === 'number') return text;
      raws[row] = text;
      return 0;
    },
    append(row, { values, from, to }) {
      for (let i = from, at = row; i < to; i++, at++) raws[at] = values[i] as string;
    },
    explain: texts.explain,
    finish: () => ({ type: 'text', values: raws }),
    reserve() {},
    seen: () => seen,
    decided(column) {
      if (column.type === 'ignored') return undefined;
      const cells = cellsFor({ ...context, column, policy: 'keep' });
      raws.forEach((raw, row) => {
        cells.put(row, raw);
      });
      return cells.finish(raws.length);
    },
  };
}
