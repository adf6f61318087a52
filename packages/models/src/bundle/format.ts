import type { SavedPreparation } from '@steepest/datasets';
import type { Warning } from '../checks/warning.ts';
import type { Measures } from '../metrics/measure.ts';
import type { JsonNumber } from './number.ts';

/** A penalty, without what is not set. */
export interface SavedPenalty {
  readonly l1?: number;
  readonly group?: number;
  readonly groups?: readonly (readonly string[])[];
  readonly standardize?: true;
  readonly factors?: readonly number[] | Readonly<Record<string, number>>;
  readonly glmnet?: true;
}

/** A fitted model as plain JSON: all that predicting from raw rows needs, and what is known of it. */
export interface Bundle {
  readonly format: 'steepest-model';
  readonly version: 1;
  /** The versions of the packages that wrote it. */
  readonly versions: { readonly models: string };
  readonly problem: {
    /** Of a family. */
    readonly kind: string;
    /** Of a family that has any. */
    readonly settings?: Readonly<Record<string, number>>;
    readonly l2: number;
    /** What else the penalty is made of, where there is more than l2. */
    readonly penalty?: SavedPenalty;
    readonly intercept: boolean;
    readonly outputs: number;
    /** Declared class names of a softmax problem. */
    readonly classes?: readonly string[];
  };
  /** The schema and the fitted steps; none for a model of ready features. */
  readonly preparation?: SavedPreparation;
  readonly target: string;
  /** The labels of y's codes. */
  readonly classes?: readonly string[];
  readonly weights?: string;
  readonly analyticWeights?: string;
  /** In the order of the classes. */
  readonly classWeights?: readonly number[];
  readonly offset?: string;
  readonly exposure?: string;
  /** The prepared columns: row j of w belongs to names[j]. */
  readonly names: readonly string[];
  /** w row by row, names × outputs; b has one entry per output. */
  readonly params: { readonly w: readonly JsonNumber[]; readonly b: readonly JsonNumber[] };
  readonly training: {
    readonly converged: boolean;
    readonly ending: string;
    readonly objective: JsonNumber;
    readonly gradientNorm: JsonNumber;
    readonly decrement: JsonNumber;
    readonly farthest: JsonNumber;
    readonly gap?: JsonNumber;
    readonly condition?: JsonNumber;
    readonly seed: number;
    readonly warnings: readonly Warning[];
    /** `rows`, and a number for each measure of the family. */
    readonly metrics: { readonly rows: number } & {
      readonly [K in keyof Measures]: JsonNumber;
    } & { readonly confusion?: readonly (readonly number[])[] };
  };
}
