import { FlatMatrix, type OperationRecord, type Primitive, recordOf } from '@steepest/autodiff';
import type { Form } from '../calling/skeleton.ts';
import {
  type Axis,
  constantOf,
  type EntriesNode,
  type IndexSource,
  type PlanNode,
  type View,
  whole,
} from './node.ts';
import { promote, stretch } from './own.ts';

type Size = readonly [rows: number, columns: number];

/** Makes nodes; equal operations on equal inputs are one node. */
export class Builder {
  readonly nodes: PlanNode[] = [];
  readonly #known = new Map<string, PlanNode>();
  readonly #objects = new Map<unknown, number>();

  input(name: string, leaf: number, [rows, columns]: Size, form: Form = 'double'): PlanNode {
    const id = this.nodes.length;
    const node = this.#add({ kind: 'input', id, name, inputs: [], rows, columns, leaf, form });
    // Read as float64 by everything but the products that can do better.
    return form === 'single' ? this.entries(promote.primitive, [node]) : node;
  }

  number(value: number): PlanNode {
    const key = `number ${Object.is(value, -0) ? '-0' : value}`;
    const matrix = new FlatMatrix(1, 1, [value]);
    return this.#constant(key, String(value), matrix);
  }

  /** A matrix of the function's own; one that holds a single number many times is that number. */
  constant(value: FlatMatrix): View {
    const { rows, columns, data } = value;
    const first = data[0];
    if (data.length > 0 && data.every((entry) => Object.is(entry, first))) {
      return { node: this.number(first), rows, columns };
    }
    const key = `constant ${this.#number(value)}`;
    return whole(this.#constant(key, `constant ${rows}×${columns}`, value));
  }

  /** An elementwise operation on nodes that are broadcast to its shape; numbers are folded. */
  entries(primitive: Primitive, inputs: readonly PlanNode[]): PlanNode {
    const numbers = inputs.map(constantOf);
    if (primitive.entry !== undefined && !numbers.includes(undefined)) {
      return this.number(primitive.entry(...(numbers as number[])));
    }
    const rows = stretched(inputs.map((x) => x.rows));
    const columns = stretched(inputs.map((x) => x.columns));
    return this.#entries(primitive, inputs, [rows, columns]);
  }

  /** The node with all entries of a view. */
  settled({ node, rows, columns }: View): PlanNode {
    if (node.rows === rows && node.columns === columns) return node;
    return this.#entries(stretch.primitive, [node], [rows, columns]);
  }

  /** A reduction over the entries that a node has; the node itself where that is one per result. */
  reduction(
    { primitive: record }: { primitive: OperationRecord },
    x: PlanNode,
    axis: Axis,
  ): PlanNode {
    const rows = axis === 1 ? x.rows : 1;
    const columns = axis === 0 ? x.columns : 1;
    if (rows === x.rows && columns === x.columns) return x;
    // Sums of vectors are sums of all entries.
    const over = rows === 1 && columns === 1 ? undefined : axis;
    const key = `${this.#number(record)} ${x.id} ${over}`;
    return this.#shared(key, (id) => ({
      kind: 'reduction',
      id,
      name: record.name,
      inputs: [x],
      rows,
      columns,
      record,
      axis: over,
    }));
  }

  operation(
    primitive: Primitive,
    inputs: readonly PlanNode[],
    [rows, columns]: Size,
    indices?: IndexSource,
  ): PlanNode {
    const { name, parameters } = primitive;
    const details =
      indices === undefined ? JSON.stringify(parameters, flat) : this.#source(indices);
    const key = `${this.#key(primitive, inputs, [rows, columns])} ${details ?? ''}`;
    return this.#shared(key, (id) => ({
      kind: 'operation',
      id,
      name,
      inputs,
      rows,
      columns,
      primitive,
      ...(indices && { indices }),
    }));
  }

  #entries(primitive: Primitive, inputs: readonly PlanNode[], [rows, columns]: Size): PlanNode {
    const made = (id: number): EntriesNode => {
      const { name } = primitive;
      return { kind: 'entries', id, name, inputs, rows, columns, primitive };
    };
    return this.#shared(this.#key(primitive, inputs, [rows, columns]), made);
  }

  #constant(key: string, name: string, value: FlatMatrix): PlanNode {
    const { rows, columns } = value;
    const made = { kind: 'constant', name, inputs: [], rows, columns, value } as const;
    return this.#shared(key, (id) => ({ ...made, id }));
  }

  #key(primitive: Primitive, inputs: readonly PlanNode[], [rows, columns]: Size): string {
    const ids = inputs.map(({ id }) => id);
    return `${this.#number(recordOf(primitive))}(${ids}) ${rows}×${columns}`;
  }

  #source(indices: IndexSource): string {
    return 'leaf' in indices ? `leaf ${indices.leaf}` : `own ${this.#number(indices.entries)}`;
  }

  #shared(key: string, make: (id: number) => PlanNode): PlanNode {
    const node = this.#known.get(key) ?? this.#add(make(this.nodes.length));
    this.#known.set(key, node);
    return node;
  }

  #add(node: PlanNode): PlanNode {
    this.nodes.push(node);
    return node;
  }

  #number(x: unknown): number {
    const number = this.#objects.get(x) ?? this.#objects.size;
    this.#objects.set(x, number);
    return number;
  }
}

/** The size to which dimensions of 1 are broadcast. */
function stretched(sizes: readonly number[]): number {
  return sizes.find((size) => size !== 1) ?? 1;
}

function flat(_key: string, x: unknown): unknown {
  return ArrayBuffer.isView(x) ? String(x) : x;
}
