import {
  abs,
  concat,
  cumsum,
  div,
  equal,
  FlatMatrix,
  greaterEqual,
  log,
  log1p,
  matmulLeft,
  max,
  mean,
  min,
  mul,
  neg,
  pick,
  square,
  sub,
  sum,
  type Value,
  where,
  xlogy,
} from '@steepest/autodiff';
import type { Metrics, Problem } from '@steepest/models';
import { calibrationOf, confusionOf, printable } from '@steepest/models/rows';

interface Predicted {
  /** n×K and n×1. */
  readonly p: Value;
  readonly y: Value;
}

type Measure = (predicted: Predicted) => Value;

/** The measures that are means over rows, by their names. */
const measures: Readonly<Record<string, Measure>> = {
  meanSquaredError: ({ p, y }) => mean(square(sub(p, y))),
  meanAbsoluteError: ({ p, y }) => mean(abs(sub(p, y))),
  rSquared: ({ p, y }) => {
    const rest = sum(square(sub(y, p)));
    const all = sum(square(sub(y, mean(y))));
    const varies = sub(max(y), min(y));
    return where(varies, sub(1, div(rest, all)), Number.NaN);
  },
  poissonDeviance: ({ p, y }) => mul(2, mean(sub(sub(xlogy(y, y), xlogy(y, p)), sub(y, p)))),
  brierScore: ({ p, y }) => mean(square(sub(p, y))),
  logLoss: ({ p, y }) =>
    p.columns > 1
      ? neg(mean(log(pick(p, y as FlatMatrix))))
      : neg(mean(where(y, log(p), log1p(neg(p))))),
  accuracy: ({ p, y }) => mean(equal(calledOf(p), y)),
};

/** The class that is called for each row. */
function calledOf(p: Value): Value {
  if (p.columns === 1) return greaterEqual(p, 0.5);
  const codes = new FlatMatrix(
    1,
    p.columns,
    Float64Array.from({ length: p.columns }, (_, k) => k),
  );
  return sum(mul(firstOfMost(p), codes), { axis: 1 });
}

/** 1 at the first of the largest entries of a row. */
function firstOfMost(p: Value): Value {
  const isMost = equal(p, max(p, { axis: 1 }));
  return mul(isMost, equal(cumsum(isMost, { axis: 1 }), 1));
}

/** Rows by the class that they are and the class that they are called: K×K. */
function confusion({ p, y }: Predicted, classes: number): Value {
  const codes = new FlatMatrix(
    1,
    classes,
    Float64Array.from({ length: classes }, (_, k) => k),
  );
  const one = greaterEqual(p, 0.5);
  const called = p.columns > 1 ? firstOfMost(p) : concat([sub(1, one), one], { axis: 1 });
  return matmulLeft(equal(y, codes), called);
}

const bins = 10;

/** Of each bin of probabilities: its rows, the sum of them, how many happened. */
function calibrated({ p, y }: Predicted): { counts: Value; predicted: Value; ones: Value } {
  const scaled = mul(p, bins);
  const edges = (first: number): FlatMatrix =>
    new FlatMatrix(
      1,
      bins,
      Float64Array.from({ length: bins }, (_, k) => first + k),
    );
  const to = edges(1);
  // The last one holds 1, too.
  to.data[bins - 1] = bins + 2;
  const inside = sub(greaterEqual(scaled, edges(0)), greaterEqual(scaled, to));
  return {
    counts: sum(inside, { axis: 0 }),
    predicted: matmulLeft(inside, p),
    ones: matmulLeft(inside, y),
  };
}

/** The sums that a problem's metrics are made of. */
export function metricSums(
  problem: Problem,
  labels: readonly string[],
): (predicted: Predicted) => Readonly<Record<string, Value>> {
  const names = metricNames(problem, labels);
  return (predicted) => {
    const all: Record<string, () => Value> = {
      ...Object.fromEntries(
        Object.entries(measures).map(([name, of]) => [name, () => of(predicted)]),
      ),
      confusion: () => confusion(predicted, labels.length),
      counts: () => calibrated(predicted).counts,
      predicted: () => calibrated(predicted).predicted,
      ones: () => calibrated(predicted).ones,
    };
    return Object.fromEntries(names.map((name) => [name, all[name]()]));
  };
}

/** The names of these sums, in their order. */
export function metricNames(problem: Problem, labels: readonly string[]): string[] {
  const { family, outputs } = problem;
  const labelled = family.target.classes !== undefined && labels.length > 0;
  return [
    ...Object.keys(family.measures).filter((name) => Object.hasOwn(measures, name)),
    ...(labelled ? ['confusion'] : []),
    ...(labelled && outputs === 1 ? ['counts', 'predicted', 'ones'] : []),
  ];
}

/** Metrics of these sums, in the order in which the family names its measures. */
export function metricsOf(
  { family }: Problem,
  rows: number,
  sums: Readonly<Record<string, FlatMatrix>>,
  area: number | undefined,
  labels: readonly string[],
): Metrics {
  const found = Object.keys(family.measures).flatMap((name) => {
    if (name === 'areaUnderCurve') return area === undefined ? [] : [[name, area] as const];
    return sums[name] === undefined ? [] : [[name, sums[name].data[0] + 0] as const];
  });
  const { confusion, counts, predicted, ones } = sums;
  return printable({
    rows,
    ...Object.fromEntries(found),
    ...(confusion && { confusion: confusionOf(labels, rowsOf(confusion)) }),
    ...(counts && { calibration: calibrationOf(counts.data, predicted.data, ones.data) }),
  });
}

function rowsOf({ rows, columns, data }: FlatMatrix): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
}
