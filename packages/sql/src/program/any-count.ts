import { FlatMatrix } from '@steepest/autodiff';
import type { LabelledPlan, PlanNode } from '@steepest/compile/plan';

/** A plan whose numbers are those of another count of rows than it was recorded with. */
export interface CountedPlan {
  readonly plan: LabelledPlan;
  /** Constants that depend on the count. */
  readonly numbers: ReadonlyMap<PlanNode, FlatMatrix>;
}

/** Up to so many rows, a function is recorded with as many: a recording writes some constants out. */
const mostRecorded = 1e5;
const [first, second] = [50_021, 80_021];

/**
 * A plan for a count of rows of any size: of more rows than can be written out, two of fewer are recorded,
 * and numbers that differ between them grow with the count, or shrink with it, as means do.
 */
export function planFor(record: (rows: number) => LabelledPlan, rows: number): CountedPlan {
  if (rows <= mostRecorded) return { plan: record(rows), numbers: new Map() };
  const [plan, other] = [record(first), record(second)];
  const numbers = new Map<PlanNode, FlatMatrix>();
  plan.nodes.forEach(({ node }, k) => {
    const twin = other.nodes[k]?.node;
    if (node.kind !== 'constant') return;
    if (twin?.kind !== 'constant' || twin.columns !== node.columns) throw unlike();
    const value = node.value.data.map((a, i) => extended(a, twin.value.data[i], rows));
    numbers.set(node, new FlatMatrix(node.rows, node.columns, value));
  });
  if (plan.nodes.length !== other.nodes.length) throw unlike();
  return { plan, numbers };
}

/** A number at another count, of which it is a multiple, or a share. */
function extended(a: number, b: number, rows: number): number {
  if (Object.is(a, b)) return a;
  const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-14 * Math.abs(x);
  if (near(a * first, b * second)) return (a * first) / rows;
  if (near(a / first, b / second)) return (a / first) * rows;
  throw unlike();
}

function unlike(): RangeError {
  return new RangeError(
    `overRows: the function depends on the number of rows in another way than sums and means do, and there ` +
      `are more than ${mostRecorded}; write it as a sum or a mean`,
  );
}
