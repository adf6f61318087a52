import {
  type FlatMatrix,
  type OperationRecord,
  type Primitive,
  recordOf,
} from '@steepest/autodiff';
import type { Form } from '../calling/skeleton.ts';

/** Where row and class numbers come from: an argument, or the function itself. */
export type IndexSource =
  | { readonly leaf: number; readonly length: number }
  | { readonly entries: Int32Array; readonly length: number };

/** Over the rows, over the columns, or over all entries. */
export type Axis = 0 | 1 | undefined;

interface Sized {
  /** Inputs have smaller numbers than what uses them. */
  readonly id: number;
  /** What it is called in print. */
  readonly name: string;
  readonly inputs: readonly PlanNode[];
  readonly rows: number;
  readonly columns: number;
}

/** A matrix or number among the arguments. */
export interface InputNode extends Sized {
  readonly kind: 'input';
  /** Which leaf of the arguments. */
  readonly leaf: number;
  readonly form: Form;
}

/** A matrix or number of the function's own. */
export interface ConstantNode extends Sized {
  readonly kind: 'constant';
  readonly value: FlatMatrix;
}

/** Computed entry by entry; operands with one row or one column are broadcast. */
export interface EntriesNode extends Sized {
  readonly kind: 'entries';
  readonly primitive: Primitive;
}

/** One value out of the entries of each row, of each column, or of all. */
export interface ReductionNode extends Sized {
  readonly kind: 'reduction';
  readonly record: OperationRecord;
  readonly axis: Axis;
}

/** Any other operation on whole matrices, or on rows. */
export interface OperationNode extends Sized {
  readonly kind: 'operation';
  readonly primitive: Primitive;
  readonly indices?: IndexSource;
}

/** What a program computes. */
export type ComputedNode = EntriesNode | ReductionNode | OperationNode;

/**
 * One value of the program. Elementwise operations broadcast operands with one row or column, so a
 * node has the smallest shape that holds its entries: a scalar stays a scalar.
 */
export type PlanNode = InputNode | ConstantNode | ComputedNode;

/** A node broadcast to a shape. */
export interface View {
  readonly node: PlanNode;
  readonly rows: number;
  readonly columns: number;
}

/** The record of the operation that computes a node. */
export function recordOfNode(node: ComputedNode): OperationRecord {
  return node.kind === 'reduction' ? node.record : recordOf(node.primitive);
}

/** Arguments and constants lie in memory from the start. */
export function isSource(node: PlanNode): node is InputNode | ConstantNode {
  return node.kind === 'input' || node.kind === 'constant';
}

/** Whether only those entries of a matrix are given that are not zero. */
export function isSparse(node: PlanNode): boolean {
  return node.kind === 'input' && node.form === 'sparse';
}

/** Whether the entries of a matrix are float32. */
export function isFloat32(node: PlanNode): boolean {
  return node.kind === 'input' && node.form === 'single';
}

/** Values in a row of a sparse matrix, as a guess before there is one. */
const sparseRow = 16;

/** The bytes of one row. */
export function rowBytes(node: PlanNode): number {
  if (isSparse(node)) return 12 * Math.min(node.columns, sparseRow);
  return (isFloat32(node) ? 4 : 8) * node.columns;
}

/** The number in a 1×1 constant. */
export function constantOf(node: PlanNode): number | undefined {
  return node.kind === 'constant' && isOne(node) ? node.value.data[0] : undefined;
}

/** What an operation depends on beside its inputs. */
export function parametersOf<T>({ name, primitive }: OperationNode): T {
  if (primitive.parameters === undefined) throw new Error(`${name}: has no parameters`);
  return primitive.parameters as T;
}

/** A node at its own size. */
export function whole(node: PlanNode): View {
  return { node, rows: node.rows, columns: node.columns };
}

/** A node broadcast to a size. */
export function broadcast(node: PlanNode, [rows, columns]: readonly [number, number]): View {
  return { node, rows, columns };
}

/** Whether a node is a single number. */
export function isOne({
  rows,
  columns,
}: {
  readonly rows: number;
  readonly columns: number;
}): boolean {
  return rows === 1 && columns === 1;
}
