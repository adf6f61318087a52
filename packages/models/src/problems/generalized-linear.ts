import {
  add,
  type Concrete,
  FlatMatrix,
  matmul,
  mean,
  mul,
  type Operand,
  square,
  sum,
  toFlatMatrix,
  type Value,
} from '@steepest/autodiff';
import type { Batch, Column, Kind, Params, PenaltyOptions, Problem, Weights } from './problem.ts';

/** What sets one of these models apart from the others. */
interface Family {
  readonly kind: Kind;
  readonly name: string;
  /** The mean of the rows' losses, as text, and what its t is, where it has one. */
  readonly risk: string;
  readonly where?: string;
  readonly outputs?: number;
  readonly classes?: readonly string[] | undefined;
  /** The loss of each row under its scores: n×K and n×1 → n×1. */
  losses(scores: Value, y: Column): Value;
  /** Scores → what is predicted, n×K. */
  mean(scores: FlatMatrix): FlatMatrix;
}

/** Of all problems; the compiler refuses `classes` where there are none. */
const optionNames: readonly string[] = ['l2', 'intercept', 'classes'];

/** A problem whose rows are seen through the scores x·w + b alone. */
export function generalizedLinear(family: Family, options: PenaltyOptions): Problem {
  const { kind, outputs = 1, classes } = family;
  const { l2 = 0, intercept = true } = options;
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${kind} regression: there is no option "${unknown}"; the options are ${optionNames.join(', ')}`,
    );
  }
  if (typeof l2 !== 'number' || !(l2 >= 0 && l2 < Infinity)) {
    throw new RangeError(
      `${kind} regression: l2 must be a number of at least 0, found ${JSON.stringify(l2)}`,
    );
  }
  const scoresOf = (params: Weights, x: Operand, offset?: Operand): Value => {
    const t = matmul(x, params.w);
    const shifted = intercept ? add(t, params.b) : t;
    return offset === undefined ? shifted : add(shifted, offset);
  };
  const scores = (params: Params, x: Concrete, offset?: Column): FlatMatrix =>
    toFlatMatrix(scoresOf(params, x, offset));
  const risk = (params: Weights, batch: Batch): Value => {
    checkRows(kind, batch);
    const each = family.losses(scoresOf(params, batch.x, batch.offset), batch.y);
    return mean(batch.weights === undefined ? each : mul(batch.weights, each));
  };
  return {
    kind,
    name: family.name,
    objective: objectiveText(family, l2),
    l2,
    intercept,
    outputs,
    classes,
    init: (columns) => ({
      w: new FlatMatrix(columns, outputs),
      b: outputs === 1 ? 0 : new FlatMatrix(1, outputs),
    }),
    risk,
    loss: (params, batch) =>
      l2 === 0 ? risk(params, batch) : add(risk(params, batch), mul(l2 / 2, sum(square(params.w)))),
    scores,
    predict: (params, x, offset) => family.mean(scores(params, x, offset)),
  };
}

/** The penalty follows the mean at once: after 't = x·w + b' it would look like a part of t. */
function objectiveText({ risk, where }: Family, l2: number): string {
  const penalized = l2 === 0 ? risk : `${risk} + (l2/2) Σ w²`;
  const given = [...(where === undefined ? [] : [where]), ...(l2 === 0 ? [] : [`l2 = ${l2}`])];
  return [penalized, ...given].join(', ');
}

/** Stretching one number over all rows would be a silent mistake: every column must have n rows. */
function checkRows(kind: Kind, batch: Batch): void {
  const [rows] = sizeOf(batch.x);
  for (const name of ['y', 'weights', 'offset'] as const) {
    const column = batch[name];
    if (column === undefined) continue;
    const [height, width] = sizeOf(column);
    if (height !== rows || width !== 1) {
      throw new RangeError(
        `${kind} regression: ${name} is ${height}×${width}, expected ${rows}×1, one entry per row of x`,
      );
    }
  }
}

function sizeOf(x: Batch['x']): readonly [rows: number, columns: number] {
  if ('rows' in x) return [x.rows, x.columns];
  return [x.shape[0] ?? 1, x.shape[1] ?? 1];
}
