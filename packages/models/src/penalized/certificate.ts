import type { Certificate } from '../solve/certificate.ts';
import type { Solved } from './descent.ts';
import type { PenalizedTask } from './penalized-task.ts';
import type { Strengths } from './strengths.ts';

/** What is known of a minimum with a penalty: the gap is proven, the decrement estimated. */
export function certificateOf(
  task: PenalizedTask,
  { at, slope, objective, gap }: Solved,
  strengths: Strengths,
): Certificate {
  const { gain, step } = task.descent(at).outlook(strengths);
  return {
    objective,
    gradientNorm: task.subgradientNorm(at, slope, strengths),
    decrement: gain,
    farthest: task.smooth.farthest(step),
    gap,
    condition: undefined,
  };
}
