import type { FlatMatrix, OperationRecord } from '@steepest/autodiff';
import type { OperationNode } from '@steepest/compile/plan';
import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';

/** What an operation reads: numbers of each row, or a matrix that all rows share. */
export interface Operand {
  /** The numbers of a row. */
  readonly row: readonly Expression[];
  /** Entry (i, j) of a matrix that all rows share. */
  at(i: number, j: number): Expression;
  readonly rows: number;
  readonly columns: number;
}

/** One operation where its rows are computed. */
export interface Site {
  readonly e: Words;
  readonly node: OperationNode;
  readonly inputs: readonly Operand[];
  /** The row's own index, where the operation takes one; its values are whole and below the limit. */
  index(limit: number): Expression;
}

/** How an operation is written in SQL. */
export interface Sql {
  /** An entry of the result from an entry of each input. */
  readonly entry?: (e: Words, ...x: Expression[]) => Expression;
  /** The entries of a row of the result. */
  readonly row?: (site: Site) => readonly Expression[];
  /** What each row adds to the entries of the result, row after row of it. */
  readonly total?: (site: Site) => readonly Expression[];
  /** Of a reduction: the rest of a row, and of all rows. */
  readonly fold?: Fold;
}

export interface Fold {
  readonly over: 'sum' | 'max' | 'min';
  readonly row: (e: Words, x: readonly Expression[]) => Expression;
  readonly value: (x: FlatMatrix, options: { readonly axis?: 0 | 1 }) => FlatMatrix;
}

/** An operation of the library, and how it is written. */
export type Written = readonly [operation: { readonly primitive: OperationRecord }, sql: Sql];
