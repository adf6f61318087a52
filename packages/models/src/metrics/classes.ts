import { type Numbers, pair, type Weighted } from './columns.ts';

/** How much each class was called, occurred, and was called rightly, in weights of rows. */
export interface ClassCounts {
  /** The labels that were called or occurred, ascending. */
  readonly labels: readonly number[];
  readonly called: readonly number[];
  readonly occurred: readonly number[];
  readonly right: readonly number[];
  readonly total: number;
}

/** Counts labels, which may be any numbers but NaN. */
export function classCounts(
  operation: string,
  predicted: Numbers,
  actual: Numbers,
  options: Weighted,
): ClassCounts {
  const { p, y, n, w } = pair(operation, predicted, actual, options);
  const counts = new Map<number, { called: number; occurred: number; right: number }>();
  const of = (label: number, i: number) => {
    const known = counts.get(label);
    if (known !== undefined) return known;
    if (Number.isNaN(label)) throw new RangeError(`${operation}: the label of row ${i} is NaN`);
    const made = { called: 0, occurred: 0, right: 0 };
    counts.set(label, made);
    return made;
  };
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = w === undefined ? 1 : w[i];
    if (weight === 0) continue;
    const [as, is] = [of(p[i], i), of(y[i], i)];
    as.called += weight;
    is.occurred += weight;
    if (as === is) is.right += weight;
    total += weight;
  }
  const labels = [...counts.keys()].sort((a, b) => a - b);
  const each = labels.map((label) => of(label, 0));
  return {
    labels,
    called: each.map(({ called }) => called),
    occurred: each.map(({ occurred }) => occurred),
    right: each.map(({ right }) => right),
    total,
  };
}
