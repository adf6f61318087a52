import type { Convergence } from './convergence.ts';
import { counted, short } from './format.ts';
import type { Reason } from './reasons.ts';
import type { Report } from './report.ts';

/** What a result is made of. */
export interface ResultFacts<P> {
  readonly params: P;
  readonly reason: Reason;
  readonly message: string;
  /** The name of the method. */
  readonly optimizer: string;
  readonly steps: number;
  readonly epochs: number;
  readonly evaluations: { readonly gradients: number; readonly values: number };
  readonly value: number;
  readonly gradientNorm: number;
  /** The tolerance of the gradient's norm, where there was one. */
  readonly tolerance: number | undefined;
  readonly learningRate: number | undefined;
  readonly validation:
    | { readonly loss: number; readonly best: number; readonly bestEpoch: number }
    | undefined;
  /** How fast the run converged, by the curvature where it ended; where `advise` asked for it. */
  readonly rate?: Convergence | undefined;
  /** What the run warned of: a fixed rate beyond what the curvature allows. */
  readonly warnings?: readonly string[] | undefined;
  /** Steps that were passed over since their numbers were not finite: by `skipNotFinite` only. */
  readonly skipped?: number | undefined;
  readonly seconds: number;
  readonly history: readonly Report[];
  /** The optimizer's state: with `stateSteps`, a warm start for another run. */
  readonly state: unknown;
  /** How many steps the state has seen: `steps`, and those of the result that the run began with. */
  readonly stateSteps: number;
  /** Where the steps were taken, if an engine was given; `why` they were taken one by one, if so. */
  readonly engine: { readonly name: string; readonly why: string | undefined } | undefined;
  /** Whether value and gradientNorm are the objective's at `params`, or minibatches' on the way. */
  readonly measured: 'objective' | 'minibatches';
}

/**
 * How a run ended: the parameters, the named reason, and what was measured. `toString` prints it as
 * a report. With one batch, value and gradient norm are measured at `params`; with minibatches they
 * are the mean loss of the last epoch and the norm on the last minibatch.
 */
export interface Result<P> extends ResultFacts<P> {
  /**
   * Whether the gradient at `params` was measured to be small enough; no other reason counts, nor
   * does a small gradient elsewhere, when `params` are an average or the best in validation.
   */
  readonly converged: boolean;
  toString(): string;
}

export function resultOf<P>(facts: ResultFacts<P>): Result<P> {
  const { reason, gradientNorm, tolerance = 0 } = facts;
  const converged = reason === 'gradientSmall' && gradientNorm <= tolerance;
  const result = { ...facts, converged };
  Object.defineProperty(result, 'toString', { value: () => printed(facts, converged) });
  return result;
}

function printed<P>(facts: ResultFacts<P>, converged: boolean): string {
  const { steps, epochs, evaluations, seconds, tolerance, validation, learningRate } = facts;
  const minibatches = facts.measured === 'minibatches';
  const goal = tolerance === undefined ? '' : `, tolerance ${short(tolerance)}`;
  const lines = [
    `${converged ? 'converged' : 'not converged'}: ${facts.reason}, ${facts.message}`,
    `  loss           ${short(facts.value)}${minibatches ? ' (mean of the last minibatches)' : ''}`,
    `  gradient norm  ${short(facts.gradientNorm)}${minibatches ? ' (last minibatch)' : goal}`,
  ];
  lines.push(`  optimizer      ${facts.optimizer}`);
  if (learningRate !== undefined) lines.push(`  learning rate  ${short(learningRate)}`);
  if (facts.rate !== undefined) lines.push(`  convergence    ${rateOf(facts.rate)}`);
  if (validation !== undefined) {
    const { loss, best, bestEpoch } = validation;
    lines.push(
      `  validation     ${short(loss)}, lowest ${short(best)} after ${counted(bestEpoch, 'epoch')}`,
    );
  }
  const passes = minibatches ? ` in ${counted(epochs, 'epoch')}` : '';
  lines.push(
    `  work           ${counted(steps, 'step')}${passes}, ${counted(evaluations.gradients, 'gradient')}, ` +
      `${counted(evaluations.values, 'further loss value')}, ${seconds.toFixed(2)} s`,
  );
  if (facts.skipped) {
    lines.push(`  skipped        ${counted(facts.skipped, 'step')} whose numbers were not finite`);
  }
  if (facts.engine !== undefined) {
    const { name, why } = facts.engine;
    lines.push(`  engine         ${name}${why === undefined ? '' : `, step by step: ${why}`}`);
  }
  for (const warning of facts.warnings ?? []) lines.push(`  warning        ${warning}`);
  return lines.join('\n');
}

/** What a step multiplies the distance to the minimum by, as measured and as predicted. */
function rateOf({ measured, predicted }: Convergence): string {
  const told = (factor: number | undefined) => (factor === undefined ? 'unknown' : short(factor));
  return `a factor of ${told(measured)} a step measured, ${told(predicted)} predicted`;
}
