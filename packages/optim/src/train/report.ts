import type { Stepper } from '../stepper.ts';
import type { Convergence } from './convergence.ts';

/** The learning rate of the last step, where there is one. */
export function rateOf(
  optimizer: Stepper,
  { state, step, warm }: { state: unknown; step: number; warm: number },
): number | undefined {
  if (step === 0) return undefined;
  return optimizer.learningRate?.(state) ?? optimizer.rate?.(warm + step - 1);
}

/** What a run says about itself on its way. */
export interface Report {
  /** Steps taken so far. */
  readonly step: number;
  /** Complete passes over the data so far; with one batch, as many as steps. */
  readonly epoch: number;
  /** The mean loss of the batches since the last report; with one batch, the loss at this step. */
  readonly loss: number;
  /** The Euclidean norm of the last gradient over all parameters. */
  readonly gradientNorm: number;
  /** The learning rate of the last step, where the optimizer has one. */
  readonly learningRate: number | undefined;
  /** How fast the run converges, where `advise` asked for it. */
  readonly rate?: Convergence | undefined;
  /** The last validation loss, where there is one. */
  readonly validation: number | undefined;
  /** Training time so far, resumed runs included. */
  readonly seconds: number;
  /** Rows of data per second since the run (or its resumption) began; undefined if not known. */
  readonly examplesPerSecond: number | undefined;
}

const mostKept = 1000;

/** Keeps reports evenly: whenever there are 1000, every second one goes. */
export class History {
  readonly reports: Report[] = [];
  private every = 1;
  private seen = 0;

  add(report: Report): void {
    if (this.seen++ % this.every !== 0) return;
    this.reports.push(report);
    if (this.reports.length < mostKept) return;
    const kept = this.reports.filter((_, i) => i % 2 === 0);
    this.reports.splice(0, Infinity, ...kept);
    this.every *= 2;
  }
}
