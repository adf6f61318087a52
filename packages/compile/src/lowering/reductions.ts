import {
  abs,
  add,
  exp,
  less,
  log,
  logSumExp,
  max,
  mean,
  min,
  norm,
  sqrt,
  square,
  sub,
  sum,
  where,
} from '@steepest/autodiff';
import { f64, f64x2 } from '@steepest/wasm';
import type { Builder } from '../plan/builder.ts';
import { type Axis, broadcast, type PlanNode, type View } from '../plan/node.ts';
import { quotient, times } from './arithmetic.ts';
import type { Fold, Lowered, Lowering, Translation } from './lowering.ts';

export const addition: Fold = { start: 0, pair: f64x2.add, one: f64.add };
const largest: Fold = { start: Number.NEGATIVE_INFINITY, pair: f64x2.max, one: f64.max };
const smallest: Fold = { start: Number.POSITIVE_INFINITY, pair: f64x2.min, one: f64.min };

const axisOf = ({ primitive }: Translation): Axis =>
  (primitive.parameters as { readonly axis?: 0 | 1 }).axis;

const sumOf = (builder: Builder, x: PlanNode, axis: Axis): PlanNode =>
  builder.reduction(sum, x, axis);

const count = ({ rows, columns }: { readonly rows: number; readonly columns: number }): number =>
  rows * columns;

/** The entries of a view that are equal are counted, not read. */
function planSum(translation: Translation): View {
  const { builder, views, size } = translation;
  const [x] = views;
  const reduced = sumOf(builder, x.node, axisOf(translation));
  const entries = count(x) / (size[0] * size[1]);
  const own = count(x.node) / count(reduced);
  return broadcast(times(builder, reduced, builder.number(entries / own)), size);
}

/** A mean is the sum over how many there are. */
function planMean(translation: Translation): View {
  const { builder, views, size } = translation;
  const { node } = views[0];
  const reduced = sumOf(builder, node, axisOf(translation));
  const entries = builder.number(count(node) / count(reduced));
  return broadcast(quotient(builder, reduced, entries), size);
}

/** Equal entries have the extreme of one. */
const extreme = (operation: typeof max, accumulates: Fold): Lowering => ({
  plan: (translation) => {
    const { builder, views, size } = translation;
    return broadcast(builder.reduction(operation, views[0].node, axisOf(translation)), size);
  },
  accumulates,
});

// log Σ eˣ = m + log Σ eˣ⁻ᵐ with m = max x, and m itself where that is infinite or NaN.
function planLogSumExp(translation: Translation): View {
  const { builder, views, size } = translation;
  const x = builder.settled(views[0]);
  const axis = axisOf(translation);
  const top = builder.reduction(max, x, axis);
  const powers = builder.entries(exp.primitive, [builder.entries(sub.primitive, [x, top])]);
  const rest = builder.entries(log.primitive, [sumOf(builder, powers, axis)]);
  return broadcast(finiteOr(builder, top, builder.entries(add.primitive, [top, rest])), size);
}

// ‖x‖ = m ‖x/m‖ with m = max |x|, and m itself where that is 0, infinite or NaN.
function planNorm(translation: Translation): View {
  const { builder, views, size } = translation;
  const x = builder.settled(views[0]);
  const axis = axisOf(translation);
  const top = builder.reduction(max, builder.entries(abs.primitive, [x]), axis);
  const squares = builder.entries(square.primitive, [quotient(builder, x, top)]);
  const root = builder.entries(sqrt.primitive, [sumOf(builder, squares, axis)]);
  const scaled = times(builder, top, root);
  return broadcast(
    finiteOr(builder, top, builder.entries(where.primitive, [top, scaled, top])),
    size,
  );
}

/** The value where x is finite, x where it is not. */
function finiteOr(builder: Builder, x: PlanNode, value: PlanNode): PlanNode {
  const infinity = builder.number(Number.POSITIVE_INFINITY);
  const size = builder.entries(abs.primitive, [x]);
  const finite = builder.entries(less.primitive, [size, infinity]);
  return builder.entries(where.primitive, [finite, value, x]);
}

/** Operations along an axis, or over all entries, written as sums and extremes within loops. */
export const reductions: readonly Lowered[] = [
  [sum, { plan: planSum, accumulates: addition }],
  [mean, { plan: planMean }],
  [max, extreme(max, largest)],
  [min, extreme(min, smallest)],
  [logSumExp, { plan: planLogSumExp }],
  [norm, { plan: planNorm }],
];
