import { arithmeticEntries } from './arithmetic.ts';
import { choiceEntries } from './choice.ts';
import { exponentialEntries } from './exponential.ts';
import { hyperbolicEntries } from './hyperbolic.ts';
import { logarithmicEntries } from './logarithmic.ts';

export { powerEntry } from './power.ts';
export type { Entry } from './table.ts';

/** The code of each elementwise operation that has one; `powerEntry` has that of constant powers. */
export const entries: typeof arithmeticEntries &
  typeof choiceEntries &
  typeof exponentialEntries &
  typeof logarithmicEntries &
  typeof hyperbolicEntries = {
  ...arithmeticEntries,
  ...choiceEntries,
  ...exponentialEntries,
  ...logarithmicEntries,
  ...hyperbolicEntries,
};
