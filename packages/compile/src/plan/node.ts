import type { FlatMatrix, Primitive } from '@steepest/autodiff';

/** Where row and class numbers come from: an argument, or the function itself. */
export type IndexSource =
  | { readonly leaf: number; readonly length: number }
  | { readonly entries: Int32Array; readonly length: number };

/**
 * One value of the program. Elementwise operations stretch operands with one row or column, so a
 * node has the smallest shape that holds its entries: a scalar stays a scalar.
 */
export interface PlanNode {
  /** Inputs have smaller numbers than what uses them. */
  readonly id: number;
  readonly kind: 'input' | 'constant' | 'elementwise' | 'operation';
  /** The operation's name, or the input's. */
  readonly name: string;
  readonly inputs: readonly PlanNode[];
  readonly rows: number;
  readonly columns: number;
  /** Of an operation: the rule it came from. */
  readonly primitive?: Primitive;
  readonly axis?: 0 | 1;
  /** Of an input: which leaf of the arguments. */
  readonly leaf?: number;
  /** Of an input: its entries are float32, or only those that are not zero are given. */
  readonly single?: boolean;
  readonly sparse?: boolean;
  /** Of a constant. */
  readonly value?: FlatMatrix;
  readonly indices?: IndexSource;
}

/** A node stretched to a shape. */
export interface View {
  readonly node: PlanNode;
  readonly rows: number;
  readonly columns: number;
}

/** Values in a row of a sparse matrix, as a guess before there is one. */
const sparseRow = 16;

/** The bytes of one row. */
export function rowBytes({ single, sparse, columns }: PlanNode): number {
  if (sparse) return 12 * Math.min(columns, sparseRow);
  return (single === true ? 4 : 8) * columns;
}

function isScalar(x: { readonly rows: number; readonly columns: number }): boolean {
  return x.rows === 1 && x.columns === 1;
}

/** The number in a 1×1 constant. */
export function constantOf(node: PlanNode): number | undefined {
  return node.kind === 'constant' && isScalar(node) ? node.value?.data[0] : undefined;
}

/** What an operation depends on beside its inputs. */
export function parametersOf<T>({ name, primitive }: PlanNode): T {
  if (primitive?.parameters === undefined) throw new Error(`${name}: has no parameters`);
  return primitive.parameters as T;
}
