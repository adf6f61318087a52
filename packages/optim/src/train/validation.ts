import { item } from '@steepest/autodiff';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';

/** Measures the validation loss after an epoch, if it is due, and keeps the best parameters. */
export function validate<P, B>(plan: Plan<P, B>, progress: Progress<P>): void {
  const { validation, optimizer } = plan;
  if (validation === undefined || progress.epoch % validation.every !== 0) return;
  const params = optimizer.answer?.(progress.state, progress.params) ?? progress.params;
  let sum = 0;
  let count = 0;
  // The same order each time, so that the measurements compare.
  for (const batch of validation.source.epoch(xoroshiro128plus(0))) {
    sum += item(validation.loss(params, batch));
    count++;
  }
  const measured = progress.validation;
  measured.loss = sum / count;
  measured.measured++;
  if (measured.loss < measured.lowest.value) {
    measured.lowest = { value: measured.loss, at: measured.measured };
    measured.best = params;
  }
}
