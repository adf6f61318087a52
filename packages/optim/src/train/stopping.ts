import { counted, short } from './format.ts';
import type { Plan } from './plan.ts';
import type { Lowest, Progress } from './progress.ts';
import type { Ending } from './reasons.ts';

/** Remembers a loss if it is lower than all before by more than a share of itself. */
export function remember(lowest: Lowest, value: number, relative: number, at: number): void {
  if (value < lowest.value - relative * Math.abs(value) || lowest.value === Infinity) {
    lowest.value = value;
    lowest.at = at;
  }
}

/** The first rule, beside the gradient's, that ends the run here. */
export function endingOf<P, B>(plan: Plan<P, B>, progress: Progress<P>): Ending | undefined {
  const { limits, noProgress, validation, signal, whole } = plan;
  const { step, epoch, position, seconds } = progress;
  if (signal?.aborted) {
    return {
      reason: 'aborted',
      message: `the caller's signal stopped it after ${counted(step, 'step')}`,
    };
  }
  const { measured, lowest } = progress.validation;
  if (validation !== undefined && measured - lowest.at >= validation.patience) {
    return {
      reason: 'validationWorse',
      message:
        `the validation loss has not improved in ${counted(validation.patience, 'measurement')}` +
        `${validation.restoreBest ? '; the best parameters are returned' : ''}`,
    };
  }
  const unit = whole ? 'step' : 'epoch';
  const stale = progress[unit] - progress.lowestLoss.at;
  if (noProgress !== undefined && stale >= noProgress.patience) {
    return {
      reason: 'noProgress',
      message:
        `the loss has not fallen by more than a share of ${short(noProgress.relative)} in ` +
        `${counted(noProgress.patience, unit)}`,
    };
  }
  if (step >= limits.steps) {
    return { reason: 'stepLimit', message: `${counted(step, 'step')} were allowed` };
  }
  if (epoch >= limits.epochs && position === 0) {
    return { reason: 'epochLimit', message: `${counted(epoch, 'epoch')} were allowed` };
  }
  if (seconds >= limits.seconds) {
    return { reason: 'timeLimit', message: `${short(limits.seconds)} seconds were allowed` };
  }
  return undefined;
}

const usualTolerance = 1e-8;

/** How small the gradient's norm is to be; 'auto' knows once the run has looked at its start. */
export function toleranceOf<P, B>(plan: Plan<P, B>, progress: Progress<P>): number | undefined {
  if (plan.gradientNorm !== 'auto') return plan.gradientNorm;
  return usualTolerance * Math.min(progress.firstSize, 1);
}

/** Whether the objective's gradient is small enough. */
export function gradientEnding(norm: number, tolerance: number | undefined): Ending | undefined {
  if (tolerance === undefined || !(norm <= tolerance)) return undefined;
  return {
    reason: 'gradientSmall',
    message: `the gradient norm ${short(norm)} is at most ${short(tolerance)}`,
  };
}
