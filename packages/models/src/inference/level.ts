import { type Option, option } from '@steepest/ground';

/** How often an interval holds what it is for, between 0 and 1; 0.95 unless given. */
export const levelOption: Option<number, 'filled'> = option<number, number>(
  {
    expected: 'a number between 0 and 1',
    accepts: (x) => typeof x === 'number' && x > 0 && x < 1,
    sample: '0.95',
  },
  0.95,
);
