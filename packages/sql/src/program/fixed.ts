import { FlatMatrix } from '@steepest/autodiff';
import type { ComputedNode, PlanNode } from '@steepest/compile/plan';
import { sqlOf } from '../operations/index.ts';

/** The value of a node that depends on no row, by the operation itself. */
export function computed(node: ComputedNode, inputs: readonly FlatMatrix[]): FlatMatrix {
  if (node.kind === 'reduction') {
    const { value } = sqlOf(node.record)?.fold ?? {};
    if (value === undefined) throw missing(node.name);
    return value(inputs[0], node.axis === undefined ? {} : { axis: node.axis });
  }
  if (node.kind === 'operation' && node.indices !== undefined && 'leaf' in node.indices) {
    throw new TypeError(
      `overRows: ${node.name} takes row numbers of the data for a value without rows; in a database ` +
        'rows have no numbers',
    );
  }
  const { primitive } = node;
  const found = primitive.value(...inputs);
  return node.kind === 'entries' ? stretched(found, node) : found;
}

function stretched(x: FlatMatrix, { rows, columns }: PlanNode): FlatMatrix {
  if (x.rows === rows && x.columns === columns) return x;
  const result = new FlatMatrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = (x.rows === 1 ? 0 : i) * x.columns + (x.columns === 1 ? 0 : j);
      result.data[i * columns + j] = x.data[at];
    }
  }
  return result;
}

/** The error for an operation that no query can hold. */
export function missing(name: string): TypeError {
  return new TypeError(
    `overRows: ${name} has no SQL here; write the loss without it, or fit the rows in memory`,
  );
}
