import { type Call, type I32, i32, memory, type Statement } from '@steepest/wasm';
import type { PlanNode } from '../plan/node.ts';
import { all, rowOperations, type Site, tile } from './row-operations.ts';
import { knownCount, sparseAddresses, type Target } from './target.ts';

/** Shared kernels by name, as functions of the program's module. */
export type KernelCalls = Readonly<Record<KernelName, Call<Statement>>>;

const columnProduct = ['i32', 'i32', 'i32', 'i32', 'i32'] as const;
const matrixProduct = Array.from({ length: 11 }, () => 'i32' as const);

/** The kernels that programs call, with their parameters. */
export const kernelParameters: Readonly<Record<KernelName, readonly 'i32'[]>> = {
  rowsTimesColumn: columnProduct,
  addTransposedTimesColumn: columnProduct,
  rowsTimesColumn32: columnProduct,
  addTransposedTimesColumn32: columnProduct,
  csrTimesColumn: [...columnProduct, 'i32'],
  addCsrTransposedTimesColumn: [...columnProduct, 'i32'],
  csrTimesMatrix: [...columnProduct, 'i32', 'i32'],
  addCsrTransposedTimesMatrix: [...columnProduct, 'i32', 'i32'],
  multiply: matrixProduct,
  multiply32: matrixProduct,
  multiplyTransposedLeft32: matrixProduct,
  multiplyTransposedLeft: matrixProduct,
  multiplyTransposedRight: matrixProduct,
};
export type KernelName =
  | 'rowsTimesColumn'
  | 'addTransposedTimesColumn'
  | 'rowsTimesColumn32'
  | 'addTransposedTimesColumn32'
  | 'csrTimesColumn'
  | 'addCsrTransposedTimesColumn'
  | 'csrTimesMatrix'
  | 'addCsrTransposedTimesMatrix'
  | 'multiply'
  | 'multiply32'
  | 'multiplyTransposedLeft32'
  | 'multiplyTransposedLeft'
  | 'multiplyTransposedRight';

/** A call of the host: rows of the result, its address, the inputs' addresses. */
export type HostCalls = ReadonlyMap<PlanNode, Call<Statement>>;

/** A site whose operation may call kernels. */
interface KernelSite extends Site {
  readonly kernels: KernelCalls;
}

type Emit = (site: KernelSite) => Statement;

/** Operations with code or a kernel of their own; all others are computed by the host. */
const emitters: Readonly<Record<string, Emit>> = {
  matmul: ({ target, node, kernels, rows }) => {
    const [a, b] = node.inputs;
    if (a.sparse) {
      const x = sparseAddresses(target, a);
      const factors = [...x, all(target, b), tile(target, node), rows.code] as const;
      if (b.columns === 1) return kernels.csrTimesColumn(...factors);
      return kernels.csrTimesMatrix(...factors, i32.const(b.columns));
    }
    const [from, by, to] = [tile(target, a), all(target, b), tile(target, node)];
    if (b.columns === 1) {
      return kernels[of('rowsTimesColumn', a)](from, by, to, rows.code, i32.const(a.columns));
    }
    if (rows.known === 1 && !a.single) return rowTimesMatrix(kernels, from, by, to, b);
    return matrixProductOf(kernels[of('multiply', a)], target, [from, by, to], {
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
    if (a.sparse) {
      const x = sparseAddresses(target, a);
      const factors = [...x, tile(target, b), tile(target, node), rows.code] as const;
      if (b.columns === 1) return kernels.addCsrTransposedTimesColumn(...factors);
      return kernels.addCsrTransposedTimesMatrix(...factors, i32.const(b.columns));
    }
    const [left, right, to] = [tile(target, a), tile(target, b), tile(target, node)];
    if (b.columns === 1) {
      const kernel = kernels[of('addTransposedTimesColumn', a)];
      return kernel(left, right, to, rows.code, i32.const(a.columns));
    }
    if (a.columns === 1 && !a.single) {
      return kernels.addTransposedTimesColumn(right, left, to, rows.code, i32.const(b.columns));
    }
    return matrixProductOf(kernels[of('multiplyTransposedLeft', a)], target, [left, right, to], {
      rows: i32.const(a.columns),
      columns: b.columns,
      depth: rows.code,
      strides: [a.columns, b.columns, b.columns],
      add: 1,
    });
  },
  ...rowOperations,
};

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

type ByPrecision =
  | 'rowsTimesColumn'
  | 'addTransposedTimesColumn'
  | 'multiply'
  | 'multiplyTransposedLeft';

/** The kernel for a left side in its precision. */
function of(name: ByPrecision, left: PlanNode): KernelName {
  return left.single === true ? `${name}32` : name;
}

/** The kernels that an operation may call. */
export function kernelsOf(node: PlanNode): readonly KernelName[] {
  const [a, b] = node.inputs;
  switch (node.name) {
    case 'matmul':
      if (a.sparse) return [b.columns === 1 ? 'csrTimesColumn' : 'csrTimesMatrix'];
      if (b.columns === 1) return [of('rowsTimesColumn', a)];
      return a.single ? ['multiply32'] : ['multiply', 'addTransposedTimesColumn'];
    case 'matmulRight':
      return b.rows === 1 ? ['rowsTimesColumn'] : ['multiplyTransposedRight'];
    case 'matmulLeft':
      if (a.sparse)
        return [b.columns === 1 ? 'addCsrTransposedTimesColumn' : 'addCsrTransposedTimesMatrix'];
      if (b.columns === 1) return [of('addTransposedTimesColumn', a)];
      if (a.columns === 1 && !a.single) return ['addTransposedTimesColumn'];
      return [of('multiplyTransposedLeft', a)];
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
