import { FlatMatrix, type Primitive } from '@steepest/autodiff';
import type { Form } from '../calling/skeleton.ts';
import { constantOf, type IndexSource, type PlanNode, type View } from './node.ts';

/** What distinguishes an operation beside its name and inputs. */
export interface Details {
  readonly primitive?: Primitive;
  readonly axis?: 0 | 1 | undefined;
  readonly indices?: IndexSource | undefined;
}

/** Makes nodes; equal operations on equal inputs are one node. */
export class Builder {
  readonly nodes: PlanNode[] = [];
  readonly #known = new Map<string, PlanNode>();
  readonly #objects = new Map<unknown, number>();

  input(name: string, leaf: number, rows: number, columns: number, form?: Form): PlanNode {
    const base = { kind: 'input' as const, name, inputs: [], rows, columns, leaf };
    if (form === 'sparse') return this.#add({ ...base, sparse: true });
    if (form !== 'single') return this.#add(base);
    // Read as float64 by everything but the products that can do better.
    return this.elementwise('promote', [this.#add({ ...base, single: true })]);
  }

  number(value: number): PlanNode {
    const key = `number ${Object.is(value, -0) ? '-0' : value}`;
    return this.#shared(key, () => ({
      kind: 'constant',
      name: String(value),
      inputs: [],
      rows: 1,
      columns: 1,
      value: new FlatMatrix(1, 1, [value]),
    }));
  }

  /** A matrix of the function's own; one that holds a single number many times is that number. */
  constant(value: FlatMatrix): View {
    const { rows, columns, data } = value;
    const first = data[0];
    if (data.length > 0 && data.every((entry) => Object.is(entry, first))) {
      return { node: this.number(first), rows, columns };
    }
    const key = `constant ${this.#number(value)}`;
    const node = this.#shared(key, () => ({
      kind: 'constant',
      name: `constant ${rows}×${columns}`,
      inputs: [],
      rows,
      columns,
      value,
    }));
    return whole(node);
  }

  operation(
    name: string,
    inputs: readonly PlanNode[],
    [rows, columns]: readonly [number, number],
    details: Details = {},
  ): PlanNode {
    return this.#made('operation', name, inputs, rows, columns, details);
  }

  /** The node with all entries of a view. */
  settled({ node, rows, columns }: View): PlanNode {
    if (node.rows === rows && node.columns === columns) return node;
    return this.#made('operation', 'stretch', [node], rows, columns, {});
  }

  /** An elementwise operation on nodes that stretch to its shape; numbers are folded. */
  elementwise(name: string, inputs: readonly PlanNode[], primitive?: Primitive): PlanNode {
    const simpler = this.#folded(name, inputs, primitive);
    if (simpler !== undefined) return simpler;
    const rows = stretched(inputs.map((x) => x.rows));
    const columns = stretched(inputs.map((x) => x.columns));
    const details = primitive === undefined ? {} : { primitive };
    return this.#made('elementwise', name, inputs, rows, columns, details);
  }

  #folded(
    name: string,
    inputs: readonly PlanNode[],
    primitive: Primitive | undefined,
  ): PlanNode | undefined {
    const numbers = inputs.map(constantOf);
    const [a, b] = numbers;
    if (name === 'mul') {
      if (a === 1) return inputs[1];
      if (b === 1) return inputs[0];
    }
    if (name === 'div' && b === 1) return inputs[0];
    const entry = primitive?.entry ?? foldable[name];
    if (entry === undefined || numbers.includes(undefined)) return undefined;
    return this.number(entry(...(numbers as number[])));
  }

  #made(
    kind: 'elementwise' | 'operation',
    name: string,
    inputs: readonly PlanNode[],
    rows: number,
    columns: number,
    { primitive, axis, indices }: Details,
  ): PlanNode {
    const parameters = primitive?.parameters;
    const extra = [
      axis ?? '',
      indices === undefined ? '' : this.#indexKey(indices),
      indices === undefined && parameters !== undefined ? JSON.stringify(parameters, flat) : '',
      // The library's rules are told apart by name and parameters, the user's own by identity.
      primitive !== undefined && name.startsWith('own.') ? this.#number(primitive) : '',
    ];
    const key = `${name}(${inputs.map((x) => x.id)}) ${rows}×${columns} ${extra.join(' ')}`;
    return this.#shared(key, () => ({
      kind,
      name,
      inputs,
      rows,
      columns,
      ...(primitive && { primitive }),
      ...(axis !== undefined && { axis }),
      ...(indices && { indices }),
    }));
  }

  #indexKey(indices: IndexSource): string {
    return 'leaf' in indices ? `leaf ${indices.leaf}` : `own ${this.#number(indices.entries)}`;
  }

  #shared(key: string, make: () => Omit<PlanNode, 'id'>): PlanNode {
    const node = this.#known.get(key) ?? this.#add(make());
    this.#known.set(key, node);
    return node;
  }

  #add(made: Omit<PlanNode, 'id'>): PlanNode {
    const node: PlanNode = { id: this.nodes.length, ...made };
    this.nodes.push(node);
    return node;
  }

  #number(x: unknown): number {
    const number = this.#objects.get(x) ?? this.#objects.size;
    this.#objects.set(x, number);
    return number;
  }
}

/** What this package computes with by itself, for numbers that are known. */
const foldable: Readonly<Record<string, (a: number, b: number) => number>> = {
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

/** A node at its own size. */
export function whole(node: PlanNode): View {
  return { node, rows: node.rows, columns: node.columns };
}

/** The size to which dimensions of 1 stretch. */
export function stretched(sizes: readonly number[]): number {
  return sizes.find((size) => size !== 1) ?? 1;
}

function flat(_key: string, x: unknown): unknown {
  return ArrayBuffer.isView(x) ? String(x) : x;
}
