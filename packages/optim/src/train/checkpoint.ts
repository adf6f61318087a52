import { type Spec, settle, wholeNumber } from '@steepest/ground';
import type { Json } from './encode.ts';

/** What a run must have in common with the one that it continues. */
export interface RunFacts {
  readonly optimizer: string;
  /** What its steps depend on: its settings, and its rates at some steps. */
  readonly settings: Json;
  /** The engine and its version, whose bits may differ from another's; 'interpreted' without one. */
  readonly engine: string;
  readonly seed: number;
  readonly batchesPerEpoch: number;
  readonly rows: number;
}

/** Everything that the rest of a run depends on, as JSON. */
export interface Saved {
  readonly format: 'steepest checkpoint';
  readonly version: 2;
  readonly run: RunFacts;
  /** The loss of the saved parameters on the batch before them: tells changed data or loss. */
  readonly probe: Json;
  readonly progress: Json;
}

/** Where a run keeps its place: `fileCheckpoint` in @steepest/optim/node, or your own. */
export interface Checkpoint {
  /** What was saved last, undefined if nothing was. Rejects where it cannot be read. */
  load(): Promise<Saved | undefined>;
  /** Keeps it in the place of what was saved before: wholly or not at all. */
  save(saved: Saved): Promise<void>;
  /** Steps between saves: an epoch's, or 100 with one batch, unless given. Every end saves too. */
  readonly every?: number | undefined;
}

/** Steps between saves: an epoch's, or 100 with one batch, unless given. */
export interface CheckpointSettings {
  readonly every?: number | undefined;
}

export const checkpointSpec: Spec<CheckpointSettings> = { every: wholeNumber(1) };

/** A checkpoint cannot be read, or belongs to another run. */
export class CheckpointError extends Error {
  override name = 'CheckpointError';
}

/**
 * A checkpoint in memory, to continue a run later in the same process.
 *
 * ```ts
 * const checkpoint = memoryCheckpoint();
 * await train({ …, epochs: 5, checkpoint });
 * await train({ …, epochs: 10, checkpoint }); // five more
 * ```
 */
export function memoryCheckpoint(settings: CheckpointSettings = {}): Checkpoint {
  const { every } = settle('memoryCheckpoint', settings, checkpointSpec);
  let kept: string | undefined;
  return {
    every,
    load: async () => (kept === undefined ? undefined : (JSON.parse(kept) as Saved)),
    save: async (saved) => {
      kept = JSON.stringify(saved);
    },
  };
}
