import { short } from './format.ts';
import type { Reason } from './reasons.ts';

/** A place that a run looked at, as far as divergence is concerned. */
export interface Sight {
  readonly value: number;
  readonly gradientNorm: number;
  /** The norm of the parameters. */
  readonly size: number;
}

const gaveOut: ReadonlySet<Reason> = new Set([
  'stepLimit',
  'epochLimit',
  'timeLimit',
  'noProgress',
  'lineSearchFailed',
]);

// Far outside of what a minimum at a sensible scale asks for.
const farAway = 1e6;

/** What to say about a run that gave out without getting anywhere: '' where it did get somewhere. */
export function divergence(
  reason: Reason,
  first: Sight | undefined,
  last: Sight,
  whole: boolean,
): string {
  if (first === undefined || !gaveOut.has(reason)) return '';
  // The losses of two minibatches differ even where nothing is learnt.
  const noise = whole ? 0 : Math.abs(first.value);
  if (last.value > first.value + noise) {
    return `; the loss rose from ${short(first.value)} to ${short(last.value)}: lower the learning rate`;
  }
  const { size } = last;
  const far = size > farAway * Math.max(first.size, 1);
  if (!far || last.gradientNorm < 0.99 * first.gradientNorm) return '';
  return (
    `; the parameters' norm grew to ${short(size)} and the gradient did not shrink: the objective ` +
    'seems unbounded below, check its sign or add a penalty'
  );
}
