import type { FlatMatrix } from '../values/flat-matrix.ts';

/** Which targets a loss takes: `firstBad` gives the place of one that it does not, or −1. */
export interface Targets {
  firstBad(targets: Float64Array): number;
  readonly expected: string;
}

// Probabilities that were computed may miss 0 and 1 by rounding. NaN passes, and shows in the loss.
const slack = 1e-6;

export const probabilities: Targets = {
  firstBad(y) {
    for (let i = 0; i < y.length; i++) if (y[i] < -slack || y[i] > 1 + slack) return i;
    return -1;
  },
  expected: 'labels 0 and 1, or probabilities between; map labels −1/1 by (y + 1) / 2',
};

export const counts: Targets = {
  firstBad(y) {
    for (let i = 0; i < y.length; i++) if (y[i] < -slack) return i;
    return -1;
  },
  expected: 'counts of at least 0; for targets of any sign use squaredError',
};

export const signs: Targets = {
  firstBad(y) {
    for (let i = 0; i < y.length; i++) if (Math.abs(y[i] * y[i] - 1) > slack) return i;
    return -1;
  },
  expected: 'labels −1 and 1; map labels 0/1 by 2 y − 1',
};

/** Throws a RangeError at the first target that a loss does not take: it would fit something else. */
export function checkTargets(loss: string, targets: Targets, { data, columns }: FlatMatrix): void {
  const bad = targets.firstBad(data);
  if (bad < 0) return;
  const place = `[${Math.floor(bad / columns)}, ${bad % columns}]`;
  throw new RangeError(
    `${loss}: the target at ${place} is ${data[bad]}; it takes ${targets.expected}`,
  );
}
