import { concreteFrom, entriesOf, numberFrom } from '../modes/entries.ts';
import { jvp } from '../modes/forward.ts';
import { numericGrad } from '../modes/numeric.ts';
import { inFormOf } from '../modes/results.ts';
import { grad } from '../modes/reverse.ts';
import type { Argument, GradientOf } from '../modes/types.ts';
import { expectFunction } from '../primitive/callable.ts';
import { record } from '../symbolic/record.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { toFlatMatrix } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { leafList, withLeaves } from '../values/tree.ts';
import { disagreement } from './check-grad.ts';

/** The four ways to a gradient. */
export type Mode = 'symbolic' | 'numeric' | 'forward' | 'reverse';

/** What one mode took for one gradient. */
export interface ModeCost {
  readonly mode: Mode;
  /** How often it ran f, or what f was turned into. */
  readonly passes: number;
  /** What one of the passes is. */
  readonly pass: string;
  readonly milliseconds: number;
  /** Why there is no gradient, where a mode has none. */
  readonly failure?: string;
}

/** One function through every mode; prints as a table. */
export interface ModeComparison<G> {
  readonly value: number;
  /** undefined where the function cannot be recorded, because it branches on its values. */
  readonly gradients: {
    readonly symbolic: G | undefined;
    readonly numeric: G;
    readonly forward: G;
    readonly reverse: G;
  };
  /** The largest relative difference between symbolic, forward and reverse mode. */
  readonly largestDisagreement: number;
  /** The largest relative difference between numeric and reverse mode. */
  readonly numericDisagreement: number;
  readonly costs: readonly ModeCost[];
  toString(): string;
}

/**
 * The gradient of one function in every mode, how far they differ, and what each of them took.
 *
 * Symbolic mode records the gradient as an expression and evaluates it, numeric mode takes central
 * quotients, forward mode one pass per entry of x, reverse mode one backward pass. Throws where f
 * does not return 1×1.
 *
 * ```ts
 * const { largestDisagreement } = compareModes((x: Value) => sum(exp(x)))(x); // about 1e-16
 * console.log(String(compareModes(loss)(params, X, y)));
 * ```
 */
export function compareModes<P = Value, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => Operand,
): <X extends Argument<P>>(x: X, ...rest: R) => ModeComparison<GradientOf<X>> {
  expectFunction('compareModes', f);
  return <X extends Argument<P>>(x: X, ...rest: R) => {
    type G = GradientOf<X>;
    const costs: ModeCost[] = [];
    const timed = (mode: Mode, passes: number, pass: string, run: () => G): G => {
      const start = performance.now();
      const gradient = run();
      costs.push({ mode, passes, pass, milliseconds: performance.now() - start });
      return gradient;
    };
    const size = entriesOf('compareModes', x).flat().length;
    const value = numberFrom('compareModes', f(x as unknown as P, ...rest));
    const symbolic = attempted(costs, () =>
      timed('symbolic', 1, 'evaluation of the recorded gradient', () => recorded(f, x, rest) as G),
    );
    const numeric = timed('numeric', 2 * size, 'call of f', () => numericGrad(f)(x, ...rest));
    const forward = timed('forward', size, 'dual-number pass', () => byDirections(f, x, rest) as G);
    const reverse = timed('reverse', 1, 'forward and backward pass', () => grad(f)(x, ...rest));
    const exact = symbolic === undefined ? [forward, reverse] : [symbolic, forward, reverse];
    return new Comparison<G>(value, { symbolic, numeric, forward, reverse }, exact, costs);
  };
}

function attempted<G>(costs: ModeCost[], run: () => G): G | undefined {
  try {
    return run();
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    costs.push({ mode: 'symbolic', passes: 0, pass: '', milliseconds: 0, failure });
    return undefined;
  }
}

function recorded<P, R extends unknown[]>(
  f: (x: P, ...rest: R) => Operand,
  x: unknown,
  rest: R,
): unknown {
  const graph = record((at: unknown) => grad(f)(at as never, ...rest))(x);
  const leaves = leafList(graph.evaluate(x));
  const found = leafList(x).map((leaf, i) => inFormOf(leaf, leaves[i] as Value));
  return withLeaves(x, found);
}

/** The gradient by forward mode: one pass along each entry of x. */
function byDirections<P, R extends unknown[]>(
  f: (x: P, ...rest: R) => Operand,
  x: unknown,
  rest: R,
): unknown {
  const zeros = leafList(x).map((leaf) => {
    const { rows, columns } = toFlatMatrix(leaf);
    return new FlatMatrix(rows, columns);
  });
  const gradients = zeros.map(({ rows, columns, data }, i) => {
    const slopes = Array.from(data, (_, k) => {
      const direction = zeros.map((zero, j) => (i === j ? new FlatMatrix(rows, columns) : zero));
      direction[i].data[k] = 1;
      const { tangent } = jvp(f)(x as never, withLeaves(x, direction) as never, ...rest);
      return concreteFrom('compareModes', tangent).data[0];
    });
    return new FlatMatrix(rows, columns, slopes);
  });
  const found = leafList(x).map((leaf, i) => inFormOf(leaf, gradients[i]));
  return withLeaves(x, found);
}

function entriesIn(tree: unknown): number[] {
  return leafList(tree).flatMap((leaf) => Array.from(toFlatMatrix(leaf).data));
}

/** The largest relative difference, where entries far below the largest count as that far below. */
function largestDifference(a: unknown, b: unknown): number {
  const [left, right] = [entriesIn(a), entriesIn(b)];
  let scale = 0;
  for (const x of left) if (Number.isFinite(x)) scale = Math.max(scale, Math.abs(x));
  return left.reduce((most, x, i) => Math.max(most, disagreement(x, right[i], scale * 1e-3)), 0);
}

class Comparison<G> implements ModeComparison<G> {
  readonly value: number;
  readonly gradients: ModeComparison<G>['gradients'];
  readonly largestDisagreement: number;
  readonly numericDisagreement: number;
  readonly costs: readonly ModeCost[];

  constructor(
    value: number,
    gradients: ModeComparison<G>['gradients'],
    exact: readonly G[],
    costs: readonly ModeCost[],
  ) {
    this.value = value;
    this.gradients = gradients;
    this.costs = costs;
    const pairs = exact.flatMap((a, i) => exact.slice(i + 1).map((b) => largestDifference(a, b)));
    this.largestDisagreement = Math.max(...pairs);
    this.numericDisagreement = largestDifference(gradients.reverse, gradients.numeric);
  }

  #agreement(): string {
    const entries = entriesIn(this.gradients.reverse);
    const finite = entries.filter(Number.isFinite).length;
    const { length } = entries;
    if (finite === 0 && length > 0) {
      return 'nothing finite was compared: no entry of the gradient is a finite number';
    }
    const agreement = `exact modes agree within ${this.largestDisagreement.toExponential(1)}`;
    return finite === length
      ? agreement
      : `${agreement}, ${length - finite} of ${length} entries not finite`;
  }

  toString(): string {
    const rows = this.costs.map(({ mode, passes, pass, milliseconds, failure }) => {
      if (failure !== undefined) return [mode, '–', 'cannot record the function', ''];
      const difference = largestDifference(this.gradients.reverse, this.gradients[mode]);
      const work = `${passes} × ${pass}`;
      return [mode, difference.toExponential(1), work, `${milliseconds.toFixed(2)} ms`];
    });
    const table = [['mode', 'off reverse by', 'work', 'time'], ...rows];
    const widths = [0, 1, 2].map((i) => Math.max(...table.map((row) => row[i].length)));
    const lines = table.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    return [
      `value ${this.value}; ${this.#agreement()}`,
      ...lines,
      ...this.costs.flatMap(({ mode, failure }) => (failure ? [`${mode}: ${failure}`] : [])),
    ].join('\n');
  }
}
