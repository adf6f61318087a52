import { matmul, matmulLeft, matmulRight, type Primitive } from '@steepest/autodiff';
import type { KernelName } from '../kernels/index.ts';
import { isFloat32, isSparse, type PlanNode, whole } from '../plan/node.ts';
import { promote } from '../plan/own.ts';
import { betweenRows } from './between-rows.ts';
import { byRows, type Lowered, type Lowering, type Translation, total } from './lowering.ts';
import { emitLeft, emitPlain, emitRight } from './product-code.ts';
import { addition } from './reductions.ts';
import { isTransposed } from './transposed.ts';

type Operands = readonly [a: PlanNode, b: PlanNode];

const settled = ({ builder, views }: Translation): Operands => {
  const [a, b] = views.map((view) => builder.settled(view));
  return [a, b];
};

/** A product that reads its left side in float32 as it is. */
const product = (
  { builder, size }: Translation,
  primitive: Primitive,
  a: PlanNode,
  b: PlanNode,
) => {
  const promoted = a.kind === 'entries' && a.primitive === promote.primitive;
  const left = promoted && primitive !== matmulRight.primitive ? a.inputs[0] : a;
  return whole(builder.operation(primitive, [left, b], size));
};

/** A row of the result from a row of X: X·W, X·Wᵀ. */
const rowOfLeft: Lowering['rowwise'] = (_, [left]) => (left ? byRows('tile', 'whole') : undefined);

/** The kernel for a left side in its precision. */
type ByPrecision =
  | 'rowsTimesColumn'
  | 'addTransposedTimesColumn'
  | 'multiply'
  | 'multiplyTransposedLeft';

const of = (name: ByPrecision, left: PlanNode): KernelName =>
  isFloat32(left) ? `${name}32` : name;

/** A·B */
const plain: Lowering = {
  plan: (translation) => {
    const [a, b] = settled(translation);
    if (isTransposed(a)) return product(translation, matmulLeft.primitive, a.inputs[0], b);
    // There is no sparse product with a transpose: that is made first.
    if (isTransposed(b) && !isSparse(a)) {
      return product(translation, matmulRight.primitive, a, b.inputs[0]);
    }
    return product(translation, matmul.primitive, a, b);
  },
  rowwise: rowOfLeft,
  sparseLeft: true,
  kernels: ({ inputs: [a, b] }) => {
    if (isSparse(a)) return [b.columns === 1 ? 'csrTimesColumn' : 'csrTimesMatrix'];
    if (b.columns === 1) return [of('rowsTimesColumn', a)];
    return isFloat32(a) ? ['multiply32'] : ['multiply', 'addTransposedTimesColumn'];
  },
  emit: emitPlain,
  between: betweenRows,
  cost: ({ inputs: [a, b] }) => 2 * a.columns * b.columns,
};

/** Aᵀ·B: Σ over rows of (row of A)ᵀ (row of B). */
const left: Lowering = {
  plan: (translation) => {
    const [a, b] = settled(translation);
    if (isTransposed(a)) return product(translation, matmul.primitive, a.inputs[0], b);
    return product(translation, matmulLeft.primitive, a, b);
  },
  rowwise: (node, given, rows) =>
    given.includes(true) && node.inputs[0].rows === rows ? total('tile', 'tile') : undefined,
  sparseLeft: true,
  accumulates: addition,
  kernels: ({ inputs: [a, b] }) => {
    if (isSparse(a)) {
      return [b.columns === 1 ? 'addCsrTransposedTimesColumn' : 'addCsrTransposedTimesMatrix'];
    }
    if (b.columns === 1) return [of('addTransposedTimesColumn', a)];
    if (a.columns === 1 && !isFloat32(a)) return ['addTransposedTimesColumn'];
    return [of('multiplyTransposedLeft', a)];
  },
  emit: emitLeft,
  cost: ({ inputs: [a, b] }) => 2 * a.columns * b.columns,
};

/** A·Bᵀ */
const right: Lowering = {
  plan: (translation) => {
    const [a, b] = settled(translation);
    if (isTransposed(b)) return product(translation, matmul.primitive, a, b.inputs[0]);
    return product(translation, matmulRight.primitive, a, b);
  },
  rowwise: rowOfLeft,
  kernels: ({ inputs: [, b] }) => [b.rows === 1 ? 'rowsTimesColumn' : 'multiplyTransposedRight'],
  emit: emitRight,
  cost: ({ inputs: [a, b] }) => 2 * a.columns * b.rows,
};

/** Products of matrices: those with a transpose need none, float32 and sparse data stay as they are. */
export const products: readonly Lowered[] = [
  [matmul, plain],
  [matmulLeft, left],
  [matmulRight, right],
];
