import { FlatMatrix, leavesOf, type Primitive, recordOf, type Value } from '@steepest/autodiff';
import { indicesOf, type Recorded } from '../calling/recorded.ts';
import type { Form } from '../calling/skeleton.ts';
import { loweringOfRecord } from '../lowering/index.ts';
import { Builder } from './builder.ts';
import { broadcast, type IndexSource, isSparse, type PlanNode, type View, whole } from './node.ts';

/** A recorded function as nodes of their smallest shape, and the views of its results in order. */
export interface Translated {
  readonly builder: Builder;
  readonly outputs: readonly View[];
}

/** The outputs with all their entries. */
export function settledOutputs({ builder, outputs }: Translated): View[] {
  return outputs.map((view) => whole(builder.settled(view)));
}

/**
 * What a recording computes, in the program's own terms. Throws where it captured a value of a
 * surrounding derivative, and where a value has no entries. `forms`: of the leaves.
 */
export function translate(recorded: Recorded, forms: readonly (Form | undefined)[]): Translated {
  const builder = new Builder();
  const { graph, roles, known } = recorded;
  const inputs = new Map<unknown, PlanNode>();
  let next = 0;
  roles.forEach((role, leaf) => {
    if (role !== 'value') return;
    const input = graph.inputs[next++];
    const size = [input.rows, input.columns] as const;
    inputs.set(input, builder.input(input.name, leaf, size, forms[leaf]));
  });
  const views = new Map<Value, View>();
  const viewOf = (x: Value): View => {
    const known = views.get(x);
    if (known !== undefined) return known;
    const view = constant(builder, x);
    views.set(x, view);
    return view;
  };
  for (const node of graph.nodes) {
    const { primitive } = node;
    if (node.rows === 0 || node.columns === 0) throw new RangeError('a value has no entries');
    const value = primitive === null ? undefined : known.get(primitive);
    if (primitive === null) views.set(node, whole(inputs.get(node) as PlanNode));
    else if (value !== undefined) views.set(node, constant(builder, value));
    else views.set(node, operation(builder, primitive, node.inputs.map(viewOf), node, recorded));
  }
  const ends = leavesOf(graph.outputs).map(({ leaf }) => leaf as Value);
  const outputs = ends.map(viewOf);
  if (outputs.some(({ node }) => isSparse(node)))
    throw new TypeError('a sparse matrix is a result');
  return { outputs, builder };
}

function constant(builder: Builder, x: Value): View {
  if (!(x instanceof FlatMatrix)) {
    throw new TypeError('the function captured a value that is being differentiated');
  }
  if (x.data.length === 0) throw new RangeError('a value has no entries');
  return builder.constant(x);
}

function operation(
  builder: Builder,
  primitive: Primitive,
  views: readonly View[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
  recorded: Recorded,
): View {
  const lowering = loweringOfRecord(recordOf(primitive));
  const [left, ...others] = views.map(({ node }) => isSparse(node));
  if (others.includes(true) || (left && lowering?.sparseLeft !== true)) {
    throw new TypeError(
      `a sparse matrix is used by ${primitive.name}; it can be used in X·W and Xᵀ·R`,
    );
  }
  const size = [rows, columns] as const;
  const indices = sourceOf(recorded, primitive);
  if (lowering?.plan) return lowering.plan({ builder, primitive, views, size, indices });
  if (primitive.entry !== undefined) {
    const nodes = views.map(({ node }) => node);
    return broadcast(builder.entries(primitive, nodes), size);
  }
  const inputs = views.map((view) => builder.settled(view));
  return whole(builder.operation(primitive, inputs, size, indices));
}

function sourceOf(recorded: Recorded, primitive: Primitive): IndexSource | undefined {
  const indices = indicesOf(primitive.parameters);
  if (indices === undefined) return undefined;
  const leaf = recorded.leafOfIndices.get(indices);
  const { length } = indices;
  return leaf === undefined ? { entries: indices, length } : { leaf, length };
}
