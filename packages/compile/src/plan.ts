import { leavesOf } from '@steepest/autodiff';
import { isCallable, refusal } from '@steepest/ground';
import type { AnyFunction } from './calling/recorded.ts';
import { recordCall } from './calling/recording.ts';
import { leafCount, skeletonOf } from './calling/skeleton.ts';
import { type Labelled, labelled } from './plan/label.ts';
import type { View } from './plan/node.ts';
import { translate } from './plan/translate.ts';

export type { Label, Labelled, Use } from './plan/label.ts';
export {
  type Axis,
  type ComputedNode,
  type ConstantNode,
  constantOf,
  type EntriesNode,
  type IndexSource,
  type InputNode,
  isSource,
  type OperationNode,
  type PlanNode,
  type ReductionNode,
  recordOfNode,
  type View,
} from './plan/node.ts';
export { promote, stretch } from './plan/own.ts';

/** One result: where it stands in what the function returns, and what computes it. */
export interface PlannedResult extends View {
  /** `gradient.w`; empty for the result itself. */
  readonly path: string;
}

/** What a function computes, each node labelled by how it depends on the rows of the data. */
export interface LabelledPlan {
  /** What the results depend on: inputs stand before what uses them. */
  readonly nodes: readonly Labelled[];
  readonly results: readonly PlannedResult[];
  /** The number of rows of the data; 1 where nothing is computed by rows. */
  readonly rows: number;
}

/**
 * The recorded graph of a function, as programs are made of it, without one: for other generators of
 * code. Means are sums over a count, products with a transpose need none, equal values are one node,
 * and a node has the smallest shape that holds its entries.
 *
 * Labels: `fixed`, from the first argument only; `rows`, row i from row i of the data; `total`, a sum or
 * an extreme over rows. Samples may be `shaped(rows, columns)` of autodiff, so that no data is needed;
 * whole numbers in index arrays stay open. Throws a TypeError with the reason where the function cannot
 * be recorded.
 *
 * ```ts
 * const { nodes, results } = planOf(valueAndGrad(loss))(shaped(3, 1), { X: shaped(1000, 3), y: shaped(1000, 1) });
 * ```
 */
export function planOf(
  f: (...args: never[]) => unknown,
): (...samples: readonly unknown[]) => LabelledPlan {
  if (!isCallable(f)) {
    throw refusal('planOf', 'it takes a function', f, 'write planOf(f)(...samples)');
  }
  return (...samples) => {
    const args = samples.map(asSample);
    const found = skeletonOf(args);
    if (typeof found === 'string') throw new TypeError(`planOf: ${found}`);
    const { skeleton, leaves } = found;
    const recorded = recordCall(f as AnyFunction, skeleton, leaves);
    if (typeof recorded === 'string') throw new TypeError(`planOf: ${recorded}`);
    // Of whatever form the data is: entries are numbers.
    const { outputs } = translate(recorded, []);
    const { all, rows } = labelled(outputs, leafCount(args[0]));
    const paths = leavesOf(recorded.graph.outputs).map(({ path }) => path);
    return {
      nodes: all,
      results: outputs.map((view, i) => ({ ...view, path: paths[i] })),
      rows,
    };
  };
}

/** The structure with every `shaped(rows, columns)` as a matrix that has no entries to read. */
function asSample(x: unknown): unknown {
  if (typeof x !== 'object' || x === null || ArrayBuffer.isView(x)) return x;
  if (Array.isArray(x)) return x.map(asSample);
  const prototype: unknown = Object.getPrototypeOf(x);
  if (prototype !== Object.prototype && prototype !== null) return x;
  const { rows, columns } = x as { readonly rows?: unknown; readonly columns?: unknown };
  const isShape = Object.keys(x).length === 2 && typeof rows === 'number';
  if (isShape && typeof columns === 'number') return { rows, columns, get: unreadable };
  return Object.fromEntries(Object.entries(x).map(([key, item]) => [key, asSample(item)]));
}

function unreadable(): never {
  throw new TypeError('planOf: a shape has no entries; give a matrix where the function reads one');
}
