import type { Operand } from '@steepest/autodiff';
import type { Stepper } from '../stepper.ts';
import type { BatchSource } from '../train/data.ts';
import type { Answer, Ask } from './ask.ts';

/** Where an optimizer stands: what its next step depends on. Never changed, always replaced. */
export interface Standing<P> {
  readonly params: P;
  readonly state: unknown;
  /** How many steps were taken: `numbers` go on from here. */
  readonly step: number;
}

/** What a place is asked to do in one call. */
export interface Errand {
  /** How many steps at most. */
  readonly steps: number;
  /**
   * The rows of the steps' batches, one batch after the other: `batchRows` each, only the last one
   * may have fewer. Absent where every step sees the whole data.
   */
  readonly order?: Int32Array | undefined;
  /** Take no step from where the gradient's norm is at most this. */
  readonly tolerance?: number | undefined;
}

/**
 * What came of an errand. It ends before the first step that is not plain sailing: where the loss,
 * the gradient's norm or the parameters after it are not finite, or the norm is within the tolerance.
 * That step is the loop's, which looks again by `answer`, finds out what to say, and ends or goes on.
 */
export interface Stretch<P> {
  /** After the last step that was taken. */
  readonly params: P;
  readonly state: unknown;
  /** The loss before each step that was taken: as many as steps. */
  readonly losses: Float64Array;
  /** The Euclidean norm of the gradient of each step that was taken. */
  readonly gradientNorms: Float64Array;
}

/**
 * Where the rows are (memory, compiled tiles, disk, a database): it answers questions, at once or
 * later; one that can also takes many steps in one call.
 */
export interface Place<P, B = unknown> {
  /** What is asked about the loss at these parameters; `batch` is the batch of this step. */
  answer(params: P, ask: Ask<P>, batch: B): Answer<P> | Promise<Answer<P>>;
  /**
   * Many steps of a stepper in one call. Where an errand is cut must not change a bit of what the
   * steps give. Absent where the place or the stepper cannot: `why` says why.
   */
  steps?(by: Stepper, from: Standing<P>, errand: Errand): Stretch<P> | Promise<Stretch<P>>;
  /** Why steps are taken one by one, for the report; where they are. */
  readonly why?: string | undefined;
  /** Gives back what it holds: called once, when the run ends. */
  end?(): void;
}

/** What an engine may know of a run before it begins. */
export interface Problem<P, B> {
  readonly loss: (params: P, batch: B) => Operand;
  /** The gradient that the user gave; an engine that differentiates the loss itself leaves it be. */
  readonly valueAndGradient: ((params: P, batch: B) => Answer<P>) | undefined;
  /** The parameters at the start: the structure and shapes of all later ones. */
  readonly params: P;
  readonly source: BatchSource<B>;
  /** Whether every step sees the whole data, as one batch. */
  readonly whole: boolean;
  readonly optimizer: Stepper;
}

/** What `train({ engine })` takes: makes the place where a run happens. */
export interface Engine {
  /** Its name and version, a fact of a run's checkpoints: others may differ in the last bits. */
  readonly name: string;
  /** The place, or the reason why there is none: the run is interpreted then, and says so. */
  place<P, B>(problem: Problem<P, B>): Place<P, B> | string | Promise<Place<P, B> | string>;
}
