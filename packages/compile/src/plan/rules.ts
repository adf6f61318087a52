import type { Primitive } from '@steepest/autodiff';
import { type Builder, whole } from './builder.ts';
import { constantOf, type IndexSource, type PlanNode, type View } from './node.ts';

/** One recorded operation on its way into the program. */
export interface Translation {
  readonly builder: Builder;
  readonly primitive: Primitive;
  readonly views: readonly View[];
  readonly size: readonly [number, number];
  readonly indices: IndexSource | undefined;
}

type Rule = (translation: Translation) => View;
type Axis = 0 | 1 | undefined;

/**
 * What the program makes of operations that are neither plain elementwise nor kept as they are:
 * stretching becomes implicit, products with a transpose need none, means become sums.
 */
export const rules: Readonly<Record<string, Rule>> = {
  broadcastTo: ({ views: [x], size: [rows, columns] }) => ({ node: x.node, rows, columns }),
  stopGradient: ({ views: [x] }) => x,
  product: ({ builder, views: [a, b], size: [rows, columns] }) => {
    // With a finite factor other than zero, an exact zero wins anyway.
    const plain = [a, b].some(({ node }) => isFiniteFactor(constantOf(node)));
    const node = builder.elementwise(plain ? 'mul' : 'product', [a.node, b.node]);
    return { node, rows, columns };
  },
  transpose: ({ builder, primitive, views: [x], size }) => {
    const { node } = x;
    if (node.rows === 1 && node.columns === 1) return stretch(node, size);
    if (node.name === 'transpose' && x.rows === node.rows && x.columns === node.columns) {
      return whole(node.inputs[0]);
    }
    const turned = builder.operation('transpose', [node], [node.columns, node.rows], {
      primitive,
    });
    return stretch(turned, size);
  },
  matmul: ({ builder, views, size }) => {
    const [a, b] = views.map((view) => builder.settled(view));
    if (a.name === 'transpose') return product(builder, 'matmulLeft', a.inputs[0], b, size);
    // There is no sparse product with a transpose: that is made first.
    if (b.name === 'transpose' && !a.sparse) {
      return product(builder, 'matmulRight', a, b.inputs[0], size);
    }
    return product(builder, 'matmul', a, b, size);
  },
  matmulLeft: ({ builder, views, size }) => {
    const [a, b] = views.map((view) => builder.settled(view));
    if (a.name === 'transpose') return product(builder, 'matmul', a.inputs[0], b, size);
    return product(builder, 'matmulLeft', a, b, size);
  },
  matmulRight: ({ builder, views, size }) => {
    const [a, b] = views.map((view) => builder.settled(view));
    if (b.name === 'transpose') return product(builder, 'matmul', a, b.inputs[0], size);
    return product(builder, 'matmulRight', a, b, size);
  },
  reshape: ({ builder, views: [x], size }) => {
    if (x.rows === size[0] && x.columns === size[1]) return x;
    if (x.node.rows === 1 && x.node.columns === 1) return stretch(x.node, size);
    return whole(builder.operation('reshape', [builder.settled(x)], size));
  },
  slice: ({ builder, primitive, views: [x], size }) => {
    if (x.rows === size[0] && x.columns === size[1]) return x;
    const settled = builder.settled(x);
    return whole(builder.operation('slice', [settled], size, { primitive }));
  },
  sum: (translation) => {
    const { builder, views, size } = translation;
    const [x] = views;
    const reduced = sumOf(builder, x.node, axisOf(translation));
    const entries = (x.rows * x.columns) / (size[0] * size[1]);
    const own = (x.node.rows * x.node.columns) / (reduced.rows * reduced.columns);
    const repeats = entries / own;
    const scaled =
      repeats === 1 ? reduced : builder.elementwise('mul', [reduced, builder.number(repeats)]);
    return stretch(scaled, size);
  },
  mean: (translation) => {
    const { builder, views, size } = translation;
    const { node } = views[0];
    const reduced = sumOf(builder, node, axisOf(translation));
    const count = (node.rows * node.columns) / (reduced.rows * reduced.columns);
    const divided =
      count === 1 ? reduced : builder.elementwise('div', [reduced, builder.number(count)]);
    return stretch(divided, size);
  },
  max: (translation) => extreme('max', translation),
  min: (translation) => extreme('min', translation),
  // log Σ eˣ = m + log Σ eˣ⁻ᵐ with m = max x, and m itself where that is infinite or NaN.
  logSumExp: (translation) => {
    const { builder, views, size } = translation;
    const x = builder.settled(views[0]);
    const axis = axisOf(translation);
    const top = reduction(builder, 'max', x, axis);
    const powers = builder.elementwise('exp', [builder.elementwise('sub', [x, top])]);
    const log = builder.elementwise('log', [sumOf(builder, powers, axis)]);
    const total = builder.elementwise('add', [top, log]);
    return stretch(finiteOr(builder, top, total, top), size);
  },
  // ‖x‖ = m ‖x/m‖ with m = max |x|, and m itself where that is 0, infinite or NaN.
  norm: (translation) => {
    const { builder, views, size } = translation;
    const x = builder.settled(views[0]);
    const axis = axisOf(translation);
    const top = reduction(builder, 'max', builder.elementwise('abs', [x]), axis);
    const squares = builder.elementwise('square', [builder.elementwise('div', [x, top])]);
    const root = builder.elementwise('sqrt', [sumOf(builder, squares, axis)]);
    const scaled = builder.elementwise('mul', [top, root]);
    const nonzero = builder.elementwise('where', [top, scaled, top]);
    return stretch(finiteOr(builder, top, nonzero, top), size);
  },
};

function axisOf({ primitive }: Translation): Axis {
  return (primitive.parameters as { axis?: 0 | 1 }).axis;
}

function isFiniteFactor(x: number | undefined): boolean {
  return x !== undefined && Number.isFinite(x) && x !== 0;
}

function stretch(node: PlanNode, [rows, columns]: readonly [number, number]): View {
  return { node, rows, columns };
}

/** A reduction over the entries that a node has; the node itself where that is one per result. */
function reduction(builder: Builder, name: string, x: PlanNode, axis: Axis): PlanNode {
  const rows = axis === 1 ? x.rows : 1;
  const columns = axis === 0 ? x.columns : 1;
  if (rows === x.rows && columns === x.columns) return x;
  // Sums of vectors are sums of all entries.
  const kind = rows === 1 && columns === 1 ? undefined : axis;
  return builder.operation(name, [x], [rows, columns], { axis: kind });
}

function sumOf(builder: Builder, x: PlanNode, axis: Axis): PlanNode {
  return reduction(builder, 'sum', x, axis);
}

function extreme(name: string, translation: Translation): View {
  const { builder, views, size } = translation;
  return stretch(reduction(builder, name, views[0].node, axisOf(translation)), size);
}

function finiteOr(builder: Builder, x: PlanNode, yes: PlanNode, no: PlanNode): PlanNode {
  const infinity = builder.number(Number.POSITIVE_INFINITY);
  const finite = builder.elementwise('less', [builder.elementwise('abs', [x]), infinity]);
  return builder.elementwise('where', [finite, yes, no]);
}

function product(
  builder: Builder,
  name: 'matmul' | 'matmulLeft' | 'matmulRight',
  a: PlanNode,
  b: PlanNode,
  size: readonly [number, number],
): View {
  // Products with rows in float32 read them as they are.
  const left = a.name === 'promote' && name !== 'matmulRight' ? a.inputs[0] : a;
  return whole(builder.operation(name, [left, b], size));
}
