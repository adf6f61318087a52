import type { OperationRecord, Primitive } from '@steepest/autodiff';
import type { Call, F64, Statement, V128 } from '@steepest/wasm';
import type { Entry, KernelName } from '../kernels/index.ts';
import type { Builder } from '../plan/builder.ts';
import type { ComputedNode, EntriesNode, IndexSource, OperationNode, View } from '../plan/node.ts';
import type { Count, Target } from '../program/target.ts';

/**
 * What is known about computing one operation in a program. What an entry leaves out, the mechanisms
 * do in the general way: a node of its own, all rows at once, computed by the host.
 */
export interface Lowering {
  /** What the plan makes of it, in other nodes. */
  readonly plan?: (translation: Translation) => View;
  /** Of an operation: how it runs row by row, where it can. */
  readonly rowwise?: (
    node: OperationNode,
    byRows: readonly boolean[],
    rows: number,
  ) => Rowwise | undefined;
  /** The code of a pair of entries within a loop; undefined where the host computes these entries. */
  readonly entry?: (node: EntriesNode) => Entry | undefined;
  /** The code of an operation on the rows at hand. */
  readonly emit?: (site: Site) => Statement;
  /** The kernels that the code calls. */
  readonly kernels?: (node: OperationNode) => readonly KernelName[];
  /** How partial results become one: it adds to what its memory holds. */
  readonly accumulates?: Fold;
  /** Operations that a row takes; one for each entry without. */
  readonly cost?: (node: ComputedNode) => number;
  /** The left operand may be a sparse matrix, where the other is none. */
  readonly sparseLeft?: boolean;
  /** Indices must be smaller. */
  readonly indexLimit?: (node: OperationNode) => number;
  /** Code between the results of every two rows, where that hides the time that reading takes. */
  readonly between?: Between;
  /** Its parameters in print. */
  readonly details?: (node: OperationNode) => readonly string[];
}

/** An operation of the library with its lowering. */
export type Lowered = readonly [
  operation: { readonly primitive: OperationRecord },
  lowering: Lowering,
];

/** One recorded operation on its way into the plan. */
export interface Translation {
  readonly builder: Builder;
  readonly primitive: Primitive;
  readonly views: readonly View[];
  readonly size: readonly [rows: number, columns: number];
  readonly indices: IndexSource | undefined;
}

/** How an operation runs over rows: what becomes of it, and how it reads its inputs. */
export interface Rowwise {
  readonly label: 'rows' | 'total';
  readonly uses: readonly ('tile' | 'whole')[];
}

/** Shared kernels by name, as functions of the program's module. */
export type KernelCalls = Readonly<Record<KernelName, Call<Statement>>>;

/** What one operation needs to write its code. */
export interface Site {
  readonly target: Target;
  readonly node: OperationNode;
  /** The rows that this operation sees of an input that is read by rows. */
  readonly rows: Count;
  readonly kernels: KernelCalls;
}

/** How partial results become one, from where. */
export interface Fold {
  readonly start: number;
  readonly pair: (a: V128, b: V128) => V128;
  readonly one: (a: F64, b: F64) => F64;
}

/** Rows computed two at a time, or a last one, with code that goes on with each. */
export interface Between {
  readonly pays: (node: OperationNode) => boolean;
  readonly emit: (
    target: Target,
    node: OperationNode,
    finish: (results: V128, count: 1 | 2) => Statement,
  ) => Statement;
}

/** The same code for all nodes. */
export function inLoop(entry: Entry): Lowering {
  return { entry: () => entry };
}

export const byRows = (...uses: ('tile' | 'whole')[]): Rowwise => ({ label: 'rows', uses });
export const total = (...uses: ('tile' | 'whole')[]): Rowwise => ({ label: 'total', uses });

/** Row i of the result from row i of the input. */
export const sameRows: NonNullable<Lowering['rowwise']> = (node, [given], rows) =>
  given && node.rows === rows && node.inputs[0].rows === rows ? byRows('tile') : undefined;
