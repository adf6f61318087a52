import {
  type CellContext,
  type Cells,
  DROPPED,
  doubled,
  missingRefusal,
  REFUSED,
  STORED,
} from './cells.ts';
import { explainNumber, losesDigits, parseDecimal } from './decimal.ts';
import { missingTest } from './missing.ts';

/** Collects decimal numbers; holes are NaN until the end, when the policy 'mean' fills them. */
export function numberCells({ column, policy, comma, note }: CellContext): Cells {
  const tokens = column.type === 'number' ? column.missing?.tokens : undefined;
  const isMissing = missingTest(tokens);
  // A token such as -99 is a number too, so it must be looked for before the cell is read as one.
  const tokensFirst = tokens?.some((token) => !Number.isNaN(parseDecimal(token, comma))) ?? false;
  let values = new Float64Array(1024);

  function store(row: number, value: number): typeof STORED {
    if (row === values.length) values = doubled(values, (length) => new Float64Array(length));
    values[row] = value;
    return STORED;
  }
  return {
    put(row, raw) {
      const value = parseDecimal(raw, comma);
      if (value - value === 0 && !(tokensFirst && isMissing(raw))) {
        if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) {
          if (losesDigits(raw, value)) note('precision', raw);
        } else if (value === 0 && raw.length > 3 && /^[^eE]*[1-9]/.test(raw)) {
          note('underflow', raw);
        } else if (raw.charCodeAt(0) === 48 && raw.length > 1 && /^0\d/.test(raw)) {
          note('leading-zeros', raw);
        }
        return store(row, value);
      }
      if (!isMissing(raw) || policy === 'error') return REFUSED;
      return policy === 'drop' ? DROPPED : store(row, Number.NaN);
    },
    explain: (raw) =>
      isMissing(raw) ? missingRefusal : explainNumber(raw, parseDecimal(raw, comma)),
    finish(rows) {
      const kept = values.slice(0, rows);
      if (policy === 'mean') fillWithMean(kept);
      return { type: 'number', values: kept };
    },
  };
}

/** Replaces NaN by the mean of the rest, in place; a column of nothing but NaN stays as it is. */
function fillWithMean(values: Float64Array): void {
  let mean = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isNaN(value)) mean += (value - mean) / ++count;
  }
  if (count === 0 || count === values.length) return;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = mean;
}
