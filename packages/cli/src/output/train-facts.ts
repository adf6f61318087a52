import type { LeftOut } from '../fitting/features.ts';
import type { Judgement } from '../fitting/judge.ts';
import type { Sureness } from '../fitting/sureness.ts';
import type { Treatment } from '../fitting/treatment.ts';

/** What `train` prints. */
export interface TrainFacts extends Sureness {
  readonly format: 'steepest';
  readonly version: 1;
  readonly command: 'train';
  readonly data: {
    readonly file: string;
    readonly rows: number;
    /** Rows left out for a missing target. */
    readonly dropped: number;
    readonly train: number;
    readonly test: number;
    readonly held: string;
  };
  readonly target: {
    readonly name: string;
    readonly type: string;
    readonly classes: readonly string[];
  };
  readonly columns: readonly Treatment[];
  readonly leftOut: readonly LeftOut[];
  readonly model: ModelFacts;
  readonly training: Readonly<Record<string, number>>;
  readonly test?: Judgement;
  readonly crossValidation?: FoldFacts;
  readonly warnings: readonly { readonly kind: string; readonly message: string }[];
  readonly saved?: string;
  /** The page that --report wrote. */
  readonly report?: string;
  /** Ctrl-C ended the run: how to go on. */
  readonly interrupted?: string;
  readonly seconds: { readonly read: number; readonly fit: number; readonly judge: number };
}

export interface ModelFacts {
  readonly kind: string;
  readonly name: string;
  readonly objective: string;
  readonly penalty?: string;
  readonly converged: boolean;
  readonly ending: string;
  readonly value: number;
  readonly gradientNorm: number;
  /** How far above the minimum it can be. */
  readonly above?: number;
  readonly condition?: number;
}

export interface FoldFacts {
  readonly how: string;
  readonly measures: Readonly<
    Record<string, { readonly mean: number; readonly standardError: number }>
  >;
}
