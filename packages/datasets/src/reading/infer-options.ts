import { type Spec, wholeNumber } from '@steepest/ground';
import { columnName } from '../column-names.ts';
import type { Proposal } from '../schema/infer.ts';
import type { Table } from '../table/table.ts';

/** What decides a schema that is inferred while reading. */
export interface InferenceOptions {
  readonly target?: string;
  /** The most levels a category may have; 20 unless said. */
  readonly maxLevels?: number;
}

export const inferenceSpec: Spec<InferenceOptions, 'maxLevels'> = {
  target: columnName,
  maxLevels: wholeNumber(1, 20),
};

/** A table, and the proposal that it follows: keep its source, and pass that schema the next time. */
export type InferredTable = Table & { readonly proposal: Proposal };
