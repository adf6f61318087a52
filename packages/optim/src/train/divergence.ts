import { norm } from '../vectors.ts';
import { short } from './format.ts';
import type { Reason } from './reasons.ts';
import type { Run } from './run.ts';

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
export function divergence<P, B>(
  { first, plan, progress }: Run<P, B>,
  reason: Reason,
  params: P,
  last: { readonly value: number; readonly gradientNorm: number },
): string {
  if (first === undefined || progress.step === 0 || !gaveOut.has(reason)) return '';
  // The losses of two minibatches differ even where nothing is learnt.
  const noise = plan.whole ? 0 : Math.abs(first.value);
  if (last.value > first.value + noise) {
    return `; the loss rose from ${short(first.value)} to ${short(last.value)}: lower the learning rate`;
  }
  const size = norm(params);
  const far = size > farAway * Math.max(first.size, 1);
  if (!far || last.gradientNorm < 0.99 * first.gradientNorm) return '';
  return (
    `; the parameters' norm grew to ${short(size)} and the gradient did not shrink: the objective ` +
    'seems unbounded below, check its sign or add a penalty'
  );
}
