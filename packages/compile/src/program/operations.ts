import { type PlanNode, parametersOf } from '../plan/node.ts';
import { type Call, f64, type I32, i32, memory, type Statement, until } from '../wasm/index.ts';
import { addressOf, type Count, indexAddress, knownCount, type Target, times } from './target.ts';

/** Shared kernels by name, as functions of the program's module. */
export type KernelCalls = Readonly<Record<KernelName, Call<Statement>>>;

const columnProduct = ['i32', 'i32', 'i32', 'i32', 'i32'] as const;
const matrixProduct = Array.from({ length: 11 }, () => 'i32' as const);

/** The kernels that programs call, with their parameters. */
export const kernelParameters: Readonly<Record<KernelName, readonly 'i32'[]>> = {
  rowsTimesColumn: columnProduct,
  addTransposedTimesColumn: columnProduct,
  multiply: matrixProduct,
  multiplyTransposedLeft: matrixProduct,
  multiplyTransposedRight: matrixProduct,
};
export type KernelName =
  | 'rowsTimesColumn'
  | 'addTransposedTimesColumn'
  | 'multiply'
  | 'multiplyTransposedLeft'
  | 'multiplyTransposedRight';

/** A call of the host: rows of the result, its address, the inputs' addresses. */
export type HostCalls = ReadonlyMap<PlanNode, Call<Statement>>;

/** What one operation needs to write its code. */
interface Site {
  readonly target: Target;
  readonly node: PlanNode;
  readonly kernels: KernelCalls;
  /** The rows that this operation sees of an input that is read by rows. */
  readonly rows: Count;
}

type Emit = (site: Site) => Statement;

/** Operations with code or a kernel of their own; all others are computed by the host. */
const emitters: Readonly<Record<string, Emit>> = {
  matmul: ({ target, node, kernels, rows }) => {
    const [a, b] = node.inputs;
    const [from, by, to] = [tile(target, a), all(target, b), tile(target, node)];
    if (b.columns === 1) {
      return kernels.rowsTimesColumn(from, by, to, rows.code, i32.const(a.columns));
    }
    if (rows.known === 1) return rowTimesMatrix(kernels, from, by, to, b);
    return matrixProductOf(kernels.multiply, target, [from, by, to], {
      rows: rows.code,
      columns: b.columns,
      depth: i32.const(a.columns),
      strides: [a.columns, b.columns, b.columns],
      add: 0,
    });
  },
  matmulRight: ({ target, node, kernels, rows }) => {
    const [a, b] = node.inputs;
    const [from, by, to] = [tile(target, a), all(target, b), tile(target, node)];
    const depth = i32.const(a.columns);
    if (b.rows === 1) return kernels.rowsTimesColumn(from, by, to, rows.code, depth);
    return matrixProductOf(kernels.multiplyTransposedRight, target, [from, by, to], {
      rows: rows.code,
      columns: b.rows,
      depth,
      strides: [a.columns, a.columns, b.rows],
      add: 0,
    });
  },
  // Adds to what is there: zeros, or the rows before.
  matmulLeft: ({ target, node, kernels, rows }) => {
    const [a, b] = node.inputs;
    const [left, right, to] = [tile(target, a), tile(target, b), tile(target, node)];
    if (b.columns === 1) {
      return kernels.addTransposedTimesColumn(left, right, to, rows.code, i32.const(a.columns));
    }
    if (a.columns === 1) {
      return kernels.addTransposedTimesColumn(right, left, to, rows.code, i32.const(b.columns));
    }
    return matrixProductOf(kernels.multiplyTransposedLeft, target, [left, right, to], {
      rows: i32.const(a.columns),
      columns: b.columns,
      depth: rows.code,
      strides: [a.columns, b.columns, b.columns],
      add: 1,
    });
  },
  reshape: ({ target, node }) => {
    const bytes = i32.const(8 * node.rows * node.columns);
    return memory.copy(all(target, node), all(target, node.inputs[0]), bytes);
  },
  slice: (site) => {
    const { target, node } = site;
    const [x] = node.inputs;
    const { rows, columns } = parametersOf<Record<'rows' | 'columns', [number, number]>>(node);
    const first = target.tile === undefined ? rows[0] * x.columns : 0;
    const from = i32.add(tile(target, x), i32.const(8 * (first + columns[0])));
    return copyRows(site, from, x.columns, tile(target, node), node.columns, node.columns);
  },
  embed: (site) => {
    const { target, node, rows } = site;
    const [x] = node.inputs;
    const { top, left } = parametersOf<{ top: number; left: number }>(node);
    const first = target.tile === undefined ? top * node.columns : 0;
    const to = i32.add(tile(target, node), i32.const(8 * (first + left)));
    const bytes = times(target.tile === undefined ? knownCount(node.rows) : rows, 8 * node.columns);
    const copied = { ...site, rows: target.tile === undefined ? knownCount(x.rows) : rows };
    return [
      memory.fill(tile(target, node), i32.const(0), bytes.code),
      copyRows(copied, tile(target, x), x.columns, to, node.columns, x.columns),
    ];
  },
  concat: (site) => {
    const { target, node } = site;
    const { axis } = parametersOf<{ axis: 0 | 1 }>(node);
    let offset = 0;
    return node.inputs.map((part) => {
      const to = i32.add(tile(target, node), i32.const(8 * offset));
      offset += axis === 0 ? part.rows * part.columns : part.columns;
      if (axis === 1) {
        return copyRows(site, tile(target, part), part.columns, to, node.columns, part.columns);
      }
      return memory.copy(to, tile(target, part), i32.const(8 * part.rows * part.columns));
    });
  },
  pick: (site) =>
    byIndex(site, (x, index, to) => [
      memory.storeF64(to, memory.loadF64(i32.add(x, i32.shl(index, i32.const(3))))),
    ]),
  place: (site) => [
    memory.fill(
      tile(site.target, site.node),
      i32.const(0),
      times(site.rows, 8 * site.node.columns).code,
    ),
    byIndex(site, (x, index, to) =>
      memory.storeF64(i32.add(to, i32.shl(index, i32.const(3))), memory.loadF64(x)),
    ),
  ],
  // Adds to zeros, or to the rows before.
  scatter: (site) => {
    const { node, target } = site;
    const { columns } = node;
    const column = target.locals.local('i32');
    return byIndex(site, (x, index, _, result) => {
      const row = i32.add(result, i32.mul(index, i32.const(8 * columns)));
      const to = i32.add(row, column);
      const sum = f64.add(memory.loadF64(to), memory.loadF64(i32.add(x, column)));
      return [
        column.set(i32.const(0)),
        until(column, i32.const(8 * columns), 8, memory.storeF64(to, sum)),
      ];
    });
  },
  gather: (site) => {
    const { node, target } = site;
    const bytes = 8 * node.columns;
    const table = all(target, node.inputs[0]);
    return byIndex(site, (_, index, to) =>
      memory.copy(to, i32.add(table, i32.mul(index, i32.const(bytes))), i32.const(bytes)),
    );
  },
};

const tile = (target: Target, node: PlanNode): I32 => addressOf(target, node, 'tile');
const all = (target: Target, node: PlanNode): I32 => addressOf(target, node, 'whole');

export function hasCode(node: PlanNode): boolean {
  return node.name in emitters;
}

/** The code of an operation on the rows of the target's tile, or on all rows. */
export function emitOperation(
  target: Target,
  node: PlanNode,
  kernels: KernelCalls,
  host: HostCalls,
): Statement {
  const rows = target.tile?.rows ?? knownCount(rowsSeen(node));
  const emit = emitters[node.name];
  if (emit !== undefined) return emit({ target, node, kernels, rows });
  const call = host.get(node) as Call<Statement>;
  const inputs = node.inputs.map((input) => tile(target, input));
  return call(rows.code, tile(target, node), ...inputs);
}

/** Operations that reduce or look up see other rows than they return. */
function rowsSeen(node: PlanNode): number {
  return accumulates(node) ? node.inputs[0].rows : node.rows;
}

/** Whether an operation adds to what its memory holds. */
export function accumulates(node: PlanNode): boolean {
  return node.name === 'matmulLeft' || node.name === 'scatter';
}

/** The kernels that an operation may call. */
export function kernelsOf(node: PlanNode): readonly KernelName[] {
  const [a, b] = node.inputs;
  switch (node.name) {
    case 'matmul':
      if (b.columns === 1) return ['rowsTimesColumn'];
      return ['multiply', 'addTransposedTimesColumn'];
    case 'matmulRight':
      return b.rows === 1 ? ['rowsTimesColumn'] : ['multiplyTransposedRight'];
    case 'matmulLeft':
      return a.columns === 1 || b.columns === 1
        ? ['addTransposedTimesColumn']
        : ['multiplyTransposedLeft'];
    default:
      return [];
  }
}

// aᵀ·B for a single row a: the rows of B, each times an entry of a.
function rowTimesMatrix(
  kernels: KernelCalls,
  a: I32,
  b: I32,
  to: I32,
  matrix: PlanNode,
): Statement {
  const { rows, columns } = matrix;
  return [
    memory.fill(to, i32.const(0), i32.const(8 * columns)),
    kernels.addTransposedTimesColumn(b, a, to, i32.const(rows), i32.const(columns)),
  ];
}

function matrixProductOf(
  kernel: Call<Statement>,
  { product }: Target,
  [a, b, c]: readonly [I32, I32, I32],
  sizes: {
    readonly rows: I32;
    readonly columns: number;
    readonly depth: I32;
    readonly strides: readonly [number, number, number];
    readonly add: 0 | 1;
  },
): Statement {
  const strides = sizes.strides.map(i32.const);
  const columns = i32.const(sizes.columns);
  return kernel(
    a,
    b,
    c,
    sizes.rows,
    columns,
    sizes.depth,
    ...strides,
    i32.const(sizes.add),
    product,
  );
}

/** Copies the first `width` entries of each row; strides in entries. */
function copyRows(
  { target, rows }: Site,
  from: I32,
  fromStride: number,
  to: I32,
  toStride: number,
  width: number,
): Statement {
  const { locals } = target;
  const [source, end, at] = [locals.local('i32'), locals.local('i32'), locals.local('i32')];
  const bytes = i32.const(8 * width);
  return [
    source.set(from),
    at.set(to),
    end.set(i32.add(at, i32.mul(rows.code, i32.const(8 * toStride)))),
    until(at, end, 8 * toStride, [
      memory.copy(at, source, bytes),
      source.set(i32.add(source, i32.const(8 * fromStride))),
    ]),
  ];
}

/** Row by row: the row of the input, its index, the row of the result. */
function byIndex(
  { target, node, rows }: Site,
  body: (x: I32, index: I32, to: I32, result: I32) => Statement,
): Statement {
  const { locals } = target;
  const [x, at, end, to, result] = Array.from({ length: 5 }, () => locals.local('i32'));
  const [input] = node.inputs;
  const step = (pointer: typeof x, bytes: number) =>
    pointer.set(i32.add(pointer, i32.const(bytes)));
  return [
    x.set(tile(target, input)),
    to.set(tile(target, node)),
    result.set(to),
    at.set(indexAddress(target, node)),
    end.set(i32.add(at, i32.shl(rows.code, i32.const(2)))),
    until(at, end, 4, [
      body(x, memory.loadI32(at), to, result),
      step(x, 8 * input.columns),
      step(to, 8 * node.columns),
    ]),
  ];
}
