import { datesOf } from '../date-format.ts';
import {
  type CellContext,
  type Cells,
  controlRefusal,
  DROPPED,
  emptyCells,
  missingRefusal,
  REFUSED,
} from './cells.ts';
import { hasControl, trimBlanks } from './decimal.ts';
import { missingTest } from './missing.ts';
import { Store } from './store.ts';
import { storedCells } from './stored-cells.ts';

/** Collects dates as milliseconds since 1970 in UTC; holes are NaN. */
export function dateCells({ column, policy }: CellContext): Cells {
  const declared = column.type === 'date' ? column : undefined;
  const format = declared?.format;
  const dates = datesOf(format);
  const isMissing = missingTest(declared?.missing?.tokens);
  const store = new Store(Float64Array);

  function read(raw: string): number {
    // A token such as 1900-01-01 is a date too, so it comes first.
    if (isMissing(raw)) {
      return policy === 'error' ? REFUSED : policy === 'drop' ? DROPPED : Number.NaN;
    }
    const time = dates.parse(trimBlanks(raw));
    return Number.isNaN(time) ? REFUSED : time;
  }
  return {
    lane: { kind: 'asked', empty: emptyCells(isMissing(''), policy) },
    ...storedCells(store, read),
    explain(raw) {
      if (isMissing(raw)) return missingRefusal;
      if (hasControl(raw)) return controlRefusal;
      return {
        reason: 'not-a-date',
        problem:
          format === undefined
            ? 'is not a date in ISO 8601 (such as 2024-02-29 or 2024-02-29T13:45:00Z)'
            : `is not a date of the format ${format}`,
        advice:
          format === undefined
            ? "correct the cell, or state the format: date({ format: 'DD.MM.YYYY' })"
            : 'correct the cell, the format, or declare the cell as a missing token',
      };
    },
    finish: (rows) => ({ type: 'date', values: store.first(rows) }),
  };
}
