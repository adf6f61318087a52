import { isCallable, type Option, option } from '@steepest/ground';
import type { Penalty } from './penalty.ts';

/** A penalty as a setting. */
export const penaltyOption: Option<Penalty, 'optional'> = option<Penalty>({
  expected: 'a penalty',
  accepts: (x) =>
    isCallable((x as Penalty | undefined)?.prox) &&
    isCallable((x as Penalty).value) &&
    typeof (x as Penalty).name === 'string',
  sample: 'l1(0.01)',
});
