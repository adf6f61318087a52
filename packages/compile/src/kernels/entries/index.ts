import { arithmeticEntries } from './arithmetic.ts';
import { choiceEntries } from './choice.ts';
import { exponentialEntries } from './exponential.ts';
import { hyperbolicEntries } from './hyperbolic.ts';
import { logarithmicEntries } from './logarithmic.ts';
import type { EntryTable } from './table.ts';

export { powerEntry } from './power.ts';
export type { Entry, EntryTable } from './table.ts';

/**
 * The code of each primitive that has one, by the primitive's name; for `pow` with a constant
 * exponent see `powerEntry`.
 */
export const entries: EntryTable = {
  ...arithmeticEntries,
  ...choiceEntries,
  ...exponentialEntries,
  ...logarithmicEntries,
  ...hyperbolicEntries,
};
