import {
  type CellContext,
  type Cells,
  DROPPED,
  emptyCells,
  missingRefusal,
  REFUSED,
} from './cells.ts';
import { explainNumber, losesDigits, parseDecimal } from './decimal.ts';
import { missingTest } from './missing.ts';
import { Store } from './store.ts';
import { sharedCells, storedCells } from './stored-cells.ts';

/** Collects decimal numbers; holes are NaN until the end, when the policy 'mean' fills them. */
export function numberCells({ column, policy, comma, note }: CellContext): Cells {
  const tokens = column.type === 'number' ? column.missing?.tokens : undefined;
  const isMissing = missingTest(tokens);
  // A token such as -99 is a number too, so it must be looked for before the cell is read as one.
  const tokensFirst = tokens?.some((token) => !Number.isNaN(parseDecimal(token, comma))) ?? false;
  let filled = { count: 0, value: Number.NaN };
  const store = new Store(Float64Array);

  function read(raw: string): number {
    const value = parseDecimal(raw, comma);
    if (value - value === 0 && !(tokensFirst && isMissing(raw))) {
      if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) {
        if (losesDigits(raw, value)) note('precision', raw);
      } else if (value === 0 && raw.length > 3 && /^[^eE]*[1-9]/.test(raw)) {
        note('underflow', raw);
      } else if (raw.charCodeAt(0) <= 48 && raw.length > 1 && /^[ \t]*[+-]?0\d/.test(raw)) {
        note('leading-zeros', raw);
      }
      return value;
    }
    if (!isMissing(raw) || policy === 'error') return REFUSED;
    return policy === 'drop' ? DROPPED : Number.NaN;
  }
  return {
    lane: {
      kind: tokensFirst ? 'asked' : 'number',
      empty: emptyCells(isMissing(''), policy),
    },
    ...storedCells(store, read),
    sharing: sharedCells(store),
    explain: (raw) =>
      isMissing(raw) ? missingRefusal : explainNumber(raw, parseDecimal(raw, comma)),
    finish(rows) {
      const kept = store.first(rows);
      if (policy === 'mean') filled = fillWithMean(kept);
      return { type: 'number', values: kept };
    },
    get filled() {
      return filled;
    },
  };
}

/** Replaces NaN by the mean of the rest, in place; a column of nothing but NaN stays as it is. */
function fillWithMean(values: Float64Array): { count: number; value: number } {
  const present = values.filter((value) => !Number.isNaN(value));
  const count = values.length - present.length;
  if (count === 0 || present.length === 0) return { count: 0, value: Number.NaN };
  const value = mean(present);
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = value;
  return { count, value };
}

/** Sum over count, the sum compensated (Neumaier 1974), so that 1, 2 and 4 give the double 7/3. */
function mean(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  const total = sum + lost;
  if (Number.isFinite(total)) return total / values.length;
  // The sum is too large for a double; the mean is not.
  return values.reduce((running, value) => running + value / values.length, 0);
}
