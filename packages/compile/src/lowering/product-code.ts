import { type Call, type I32, i32, memory, type Statement } from '@steepest/wasm';
import { isFloat32, isSparse, type PlanNode } from '../plan/node.ts';
import { all, sparseAddresses, type Target, tile } from '../program/target.ts';
import type { KernelCalls, Site } from './lowering.ts';

/** A·B */
export function emitPlain({ target, node, kernels, rows }: Site): Statement {
  const [a, b] = node.inputs;
  if (isSparse(a)) {
    const x = sparseAddresses(target, a);
    const factors = [...x, all(target, b), tile(target, node), rows.code] as const;
    if (b.columns === 1) return kernels.csrTimesColumn(...factors);
    return kernels.csrTimesMatrix(...factors, i32.const(b.columns));
  }
  const [from, by, to] = [tile(target, a), all(target, b), tile(target, node)];
  const single = isFloat32(a);
  if (b.columns === 1) {
    const kernel = single ? kernels.rowsTimesColumn32 : kernels.rowsTimesColumn;
    return kernel(from, by, to, rows.code, i32.const(a.columns));
  }
  if (rows.known === 1 && !single) return rowTimesMatrix(kernels, from, by, to, b);
  const kernel = single ? kernels.multiply32 : kernels.multiply;
  return matrixProduct(kernel, target, [from, by, to], {
    rows: rows.code,
    columns: b.columns,
    depth: i32.const(a.columns),
    strides: [a.columns, b.columns, b.columns],
    add: 0,
  });
}

/** A·Bᵀ */
export function emitRight({ target, node, kernels, rows }: Site): Statement {
  const [a, b] = node.inputs;
  const [from, by, to] = [tile(target, a), all(target, b), tile(target, node)];
  const depth = i32.const(a.columns);
  if (b.rows === 1) return kernels.rowsTimesColumn(from, by, to, rows.code, depth);
  return matrixProduct(kernels.multiplyTransposedRight, target, [from, by, to], {
    rows: rows.code,
    columns: b.rows,
    depth,
    strides: [a.columns, a.columns, b.rows],
    add: 0,
  });
}

/** Aᵀ·B, added to what is there: zeros, or the rows before. */
export function emitLeft({ target, node, kernels, rows }: Site): Statement {
  const [a, b] = node.inputs;
  if (isSparse(a)) {
    const x = sparseAddresses(target, a);
    const factors = [...x, tile(target, b), tile(target, node), rows.code] as const;
    if (b.columns === 1) return kernels.addCsrTransposedTimesColumn(...factors);
    return kernels.addCsrTransposedTimesMatrix(...factors, i32.const(b.columns));
  }
  const [left, right, to] = [tile(target, a), tile(target, b), tile(target, node)];
  const single = isFloat32(a);
  if (b.columns === 1) {
    const kernel = single ? kernels.addTransposedTimesColumn32 : kernels.addTransposedTimesColumn;
    return kernel(left, right, to, rows.code, i32.const(a.columns));
  }
  if (a.columns === 1 && !single) {
    return kernels.addTransposedTimesColumn(right, left, to, rows.code, i32.const(b.columns));
  }
  const kernel = single ? kernels.multiplyTransposedLeft32 : kernels.multiplyTransposedLeft;
  return matrixProduct(kernel, target, [left, right, to], {
    rows: i32.const(a.columns),
    columns: b.columns,
    depth: rows.code,
    strides: [a.columns, b.columns, b.columns],
    add: 1,
  });
}

// aᵀ·B for a single row a: the rows of B, each times an entry of a.
function rowTimesMatrix(
  kernels: KernelCalls,
  a: I32,
  b: I32,
  to: I32,
  { rows, columns }: PlanNode,
): Statement {
  return [
    memory.fill(to, i32.const(0), i32.const(8 * columns)),
    kernels.addTransposedTimesColumn(b, a, to, i32.const(rows), i32.const(columns)),
  ];
}

function matrixProduct(
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
  const add = i32.const(sizes.add);
  return kernel(a, b, c, sizes.rows, columns, sizes.depth, ...strides, add, product);
}
