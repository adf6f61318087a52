import { FlatMatrix, leavesOf, type Primitive, type Value } from '@steepest/autodiff';
import { indicesOf, type Recorded } from '../calling/recorded.ts';
import type { Form } from '../calling/skeleton.ts';
import { Builder, whole } from './builder.ts';
import { isBuiltin } from './builtin.ts';
import type { IndexSource, PlanNode, View } from './node.ts';
import { rules } from './rules.ts';

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
    inputs.set(input, builder.input(input.name, leaf, input.rows, input.columns, forms[leaf]));
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
  if (outputs.some(({ node }) => node.sparse)) throw new TypeError('a sparse matrix is a result');
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
  const builtin = isBuiltin(primitive);
  if (views.some(({ node }) => node.sparse) && !(builtin && isSparseProduct(primitive, views))) {
    throw new TypeError(
      `a sparse matrix is used by ${primitive.name}; it can be used in X·W and Xᵀ·R`,
    );
  }
  const rule = builtin ? rules[primitive.name] : undefined;
  const size = [rows, columns] as const;
  const indices = sourceOf(recorded, primitive);
  const context = { builder, primitive, views, size, indices };
  if (rule !== undefined) return rule(context);
  const name = builtin ? primitive.name : `own.${primitive.name}`;
  if (primitive.entry !== undefined) {
    const nodes = views.map(({ node }) => node);
    return { node: builder.elementwise(name, nodes, primitive), rows, columns };
  }
  const inputs = views.map((view) => builder.settled(view));
  return whole(builder.operation(name, inputs, size, { primitive, indices }));
}

function isSparseProduct({ name }: Primitive, [a, b]: readonly View[]): boolean {
  const product = name === 'matmul' || name === 'matmulLeft';
  return product && a.node.sparse === true && b.node.sparse !== true;
}

function sourceOf(recorded: Recorded, primitive: Primitive): IndexSource | undefined {
  const indices = indicesOf(primitive.parameters);
  if (indices === undefined) return undefined;
  const leaf = recorded.leafOfIndices.get(indices);
  const { length } = indices;
  return leaf === undefined ? { entries: indices, length } : { leaf, length };
}
