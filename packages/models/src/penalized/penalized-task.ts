import { FlatMatrix } from '@steepest/autodiff';
import type { CompileOptions } from '@steepest/compile';
import type { Group } from '@steepest/optim';
import type { Params } from '../families/batch.ts';
import type { Penalty } from '../families/penalty.ts';
import type { Problem } from '../families/problem.ts';
import type { Moments } from '../solve/moments.ts';
import { nullModel } from '../solve/null-model.ts';
import type { Block } from '../solve/row-sums.ts';
import { deviationsOf, factorsOf, groupsOf } from './columns-of-penalty.ts';
import { ColumnsSmooth } from './columns-smooth.ts';
import { type Accuracy, Descent, mostUnscreened } from './descent.ts';
import { GramSmooth } from './gram-smooth.ts';
import type { Point, Slope, Smooth } from './point.ts';
import { RowsSmooth } from './rows-smooth.ts';
import { type Strengths, shortestSubgradient } from './strengths.ts';

/** What the rows, the names and the penalty are. */
export interface PenalizedRows {
  readonly operation: string;
  readonly problem: Problem;
  readonly penalty: Penalty;
  readonly block: Block;
  readonly moments: Moments;
  readonly names: readonly string[];
  /** The raw columns that the prepared ones were made of. */
  readonly raw: readonly string[];
  readonly threads?: CompileOptions['threads'];
}

/** So many entries are worth a compilation; and so many columns can lie row by row. */
const [worthCompiling, mostByRows] = [1e5, 500];

/** A mean loss in coordinates that no unit changes, with penalties that are said in the columns' units. */
export class PenalizedTask {
  readonly smooth: Smooth;
  /** The mean of the rows' least losses, and the null model's mean loss. */
  readonly least: number;
  readonly nullRisk: number;
  /** The intercepts alone, at their best. */
  readonly nullPoint: Point;
  readonly #rows: PenalizedRows;
  readonly #scale: Float64Array;
  readonly #shift: Float64Array;
  /** By what an l1 of 1 for a column's coefficient counts in its coordinate; Infinity keeps it at 0. */
  readonly #unit: Float64Array;
  readonly #factors: Float64Array;
  readonly #groups: readonly (readonly number[])[];
  /** By what glmnet divides an l2. */
  readonly #spread: number;

  constructor(rows: PenalizedRows) {
    const { operation, problem, penalty, block, moments, names, raw, threads } = rows;
    this.#rows = rows;
    this.#groups = penalty.group > 0 ? groupsOf(operation, penalty, names, raw) : [];
    this.#factors = factorsOf(operation, penalty, names);
    const deviations = penalty.standardize ? deviationsFrom(rows) : undefined;
    this.#scale = scalesOf(moments, deviations, this.#groups);
    this.#shift = moments.shift;
    this.#unit = this.#scale.map((scale, j) => {
      if (deviations === undefined) return 1 / scale;
      return deviations[j] > 0 ? deviations[j] / scale : Infinity;
    });
    const { family, outputs, intercept } = problem;
    this.#spread = penalty.glmnet && family.quadratic ? targetSpread(block, intercept) : 1;
    this.smooth = smoothOf(rows, { ...moments, scale: this.#scale }, threads);
    const { intercepts, least } = nullModel(problem, block);
    this.least = least;
    this.nullPoint = {
      w: new Float64Array(names.length * outputs),
      b: intercept ? intercepts : new Float64Array(outputs),
    };
    this.nullRisk = this.smooth.slope(this.nullPoint).value;
  }

  /** What the null model is above the best that any scores could reach: half its deviance per row. */
  get span(): number {
    return Math.max(0, this.nullRisk - this.least) || Math.abs(this.nullRisk) || 1;
  }

  /** How small duality gaps are to be, as shares of the null model's; as small as rounding allows unless said. */
  accuracy(share: number | undefined): Accuracy {
    const { span } = this;
    return share === undefined
      ? { aim: 1e-14 * span, enough: smallGap * span, change: 1e-8 }
      : { aim: share * span, enough: share * span, change: Infinity };
  }

  descent(start: Point = this.nullPoint): Descent {
    return new Descent(this.smooth, start, this.least, this.span);
  }

  /** The penalty coordinate by coordinate. */
  strengths({ l1, l2, group }: Pick<Penalty, 'l1' | 'l2' | 'group'>): Strengths {
    const k = this.#rows.problem.outputs;
    const size = this.#unit.length * k;
    const all = { l1: new Float64Array(size), l2: new Float64Array(size), groups: [] as Group[] };
    for (let i = 0; i < size; i++) {
      const j = Math.floor(i / k);
      const unit = this.#unit[j];
      if (unit === Infinity) {
        all.l1[i] = kept;
        continue;
      }
      all.l1[i] = l1 * this.#factors[j] * unit;
      all.l2[i] = (l2 * this.#factors[j] * unit * unit) / this.#spread;
    }
    for (const columns of this.#groups) {
      const members = columns.filter((j) => this.#unit[j] < Infinity);
      if (members.length === 0) continue;
      const strength = group * Math.sqrt(members.length) * this.#unit[members[0]];
      if (members.length === 1) all.l1[members[0]] = strength;
      else all.groups.push({ members: Int32Array.from(members), strength });
    }
    return all;
  }

  /** A point as the problem's parameters: w for the columns as they are. */
  params({ w, b }: Point): Params {
    const { outputs, family } = this.#rows.problem;
    const columns = this.#scale.length;
    const ws = new FlatMatrix(columns, outputs);
    const bs = new FlatMatrix(1, outputs, b.slice());
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < outputs; k++) {
        const value = w[j * outputs + k] / this.#scale[j];
        ws.data[j * outputs + k] = value;
        if (this.#rows.problem.intercept && value !== 0) bs.data[k] -= this.#shift[j] * value;
      }
    }
    return { w: ws, b: family.perClass ? bs : bs.data[0] };
  }

  /** The length of the shortest subgradient, by the problem's parameters. */
  subgradientNorm(at: Point, slope: Slope, strengths: Strengths): number {
    const { outputs, intercept } = this.#rows.problem;
    const rest = shortestSubgradient(at, slope, strengths);
    let square = 0;
    rest.forEach((value, i) => {
      const j = Math.floor(i / outputs);
      const shifted = intercept ? this.#shift[j] * slope.b[i % outputs] : 0;
      square += (value * this.#scale[j] + (at.w[i] === 0 ? 0 : shifted)) ** 2;
    });
    for (const value of slope.b) if (intercept) square += value * value;
    return Math.sqrt(square);
  }

  /** The problem's parameters as a point. */
  point({ w, b }: Params): Point {
    const { outputs, intercept } = this.#rows.problem;
    if (!(w instanceof FlatMatrix) || w.rows !== this.#scale.length || w.columns !== outputs) {
      const found = w instanceof FlatMatrix ? `${w.rows}×${w.columns}` : 'no matrix';
      throw new RangeError(
        `${this.#rows.operation}: params.w is ${found}, expected ${this.#scale.length}×${outputs}; start from problem.init(${this.#scale.length})`,
      );
    }
    const bs = Float64Array.from(typeof b === 'number' ? [b] : b.data);
    const ws = w.data.map((value, i) => {
      const j = Math.floor(i / outputs);
      if (intercept) bs[i % outputs] += this.#shift[j] * value;
      return value * this.#scale[j];
    });
    return { w: ws, b: bs };
  }
}

/** The share of the null model's gap that counts as none. */
const smallGap = 1e-10;

/** An l1 that no gradient of standardized columns outweighs. */
export const kept = 1e30;

/** The columns' deviations: by weights, and from the moments where those are they. */
function deviationsFrom({ problem, block, moments }: PenalizedRows): Float64Array {
  const known = problem.intercept && block.weights === undefined && !moments.scale.includes(1);
  return known ? moments.scale : deviationsOf(block.x, block.weights);
}

/** One scale for all columns of a group, so that its length is that of its coefficients. */
function scalesOf(
  { scale }: Moments,
  deviations: Float64Array | undefined,
  groups: readonly (readonly number[])[],
): Float64Array {
  if (deviations !== undefined) return deviations.map((s) => (s > 0 ? s : 1));
  const scales = scale.slice();
  for (const columns of groups) {
    const square = columns.reduce((sum, j) => sum + scale[j] ** 2, 0) / columns.length;
    for (const j of columns) scales[j] = Math.sqrt(square);
  }
  return scales;
}

/** The deviation of what least squares is to explain: about 0 without an intercept. */
function targetSpread({ y, weights, offset }: Block, intercept: boolean): number {
  let [sum, square] = [0, 0];
  for (let i = 0; i < y.rows; i++) {
    const value = y.data[i] - (offset?.data[i] ?? 0);
    const weight = (weights?.data[i] ?? 1) / y.rows;
    sum += weight * value;
    square += weight * value * value;
  }
  return Math.sqrt(square - (intercept ? sum * sum : 0)) || 1;
}

function smoothOf(
  { problem, block }: PenalizedRows,
  moments: Moments,
  threads: CompileOptions['threads'],
): Smooth {
  const { rows, columns } = block.x;
  const byRows = rows * columns > worthCompiling && columns <= mostByRows;
  const smooth = byRows
    ? new RowsSmooth(problem, block, moments, threads)
    : new ColumnsSmooth(problem, block, moments);
  if (!problem.family.quadratic || columns > mostUnscreened) return smooth;
  const zero = { w: new Float64Array(columns), b: new Float64Array(1) };
  const all = Int32Array.from({ length: columns }, (_, j) => j);
  const { matrix } = smooth.curvature(zero, all, false);
  return new GramSmooth(smooth.slope(zero), matrix, problem.intercept, (step) =>
    smooth.farthest(step),
  );
}
