import { type Option, option } from '@steepest/ground';
import type { Penalty } from './penalty.ts';

/** A penalty as a setting. */
export const penaltyOption: Option<Penalty, 'optional'> = option<Penalty>({
  expected: 'a penalty',
  accepts: (x) =>
    typeof (x as Penalty | undefined)?.prox === 'function' &&
    typeof (x as Penalty).value === 'function',
  sample: 'l1(0.01)',
});
