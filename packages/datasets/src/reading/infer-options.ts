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

/** Throws a TypeError for options that say beforehand what is to be inferred. */
export function refuseUndecided(operation: string, options: object): void {
  for (const name of ['missing', 'columns'] as const) {
    const given = (options as Readonly<Record<string, unknown>>)[name];
    if (given === undefined) continue;
    throw new TypeError(
      `${operation}: ${name} is for a schema, and schema 'infer' proposes one for the whole file; leave it out, or pass table.proposal.schema with it`,
    );
  }
}
