import {
  add,
  div,
  type FlatMatrix,
  grad,
  matmul,
  mul,
  square,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import {
  designWarnings,
  type Metrics,
  type Problem,
  type Separation,
  targetWarnings,
  type Warning,
} from '@steepest/models';
import {
  type Affine,
  imbalance,
  type Reading,
  type RowExamples,
  rowWarnings,
} from '@steepest/models/rows';
import { numberOfCell } from '../connections/connection.ts';
import { type Expression, Expressions } from '../expression/expression.ts';
import { Query } from '../expression/query.ts';
import type { Words } from '../expression/words.ts';
import { refuseFaults, sumsOf } from '../prepared/answers.ts';
import type { SqlSource } from '../rows/source.ts';
import { rowsOfGram } from './design.ts';
import { ExampleColumns } from './examples-columns.ts';
import { metricNames, metricSums, metricsOf } from './metrics.ts';
import { type Known, partsOf } from './reading.ts';
import { SqlSums } from './sums.ts';

/** Up to so many prepared columns, their products are looked at before a fit. */
const mostChecked = 200;
/** Targets of which every row is told to the checks. */
const mostRows = 1e6;

/** Examples in a database: what is asked of them are queries. */
export class SqlExamples extends SqlSums implements RowExamples {
  readonly #reading: Reading;
  readonly #names: readonly string[];

  /** Counts first what no row may hold. */
  static async of(
    problem: Problem,
    source: SqlSource,
    known: Known,
    reading: Reading,
  ): Promise<SqlExamples> {
    const words = source.dialect.words(new Expressions(), false);
    const { faults, weights, offset } = partsOf(known, problem, reading, words);
    await refuseFaults(source, faults, (truth) => words.indicator(truth), 'fit');
    // Weights of mean 1.
    const total = weights && (await sumsOf(source, [{ fold: 'sum', of: weights }]))[0];
    const rows = await source.count();
    const parts = (own: Words) => {
      const made = partsOf(known, problem, reading, own);
      const scaled = made.weights && own.mul(made.weights, own.number(rows / (total as number)));
      return { ...made, weights: scaled };
    };
    const members = (['x', 'y', 'weights', 'offset'] as const).filter(
      (member) =>
        member === 'x' ||
        member === 'y' ||
        (member === 'weights' ? weights !== undefined : offset !== undefined),
    );
    const names = reading.preparation?.names ?? [];
    const columns = new ExampleColumns(parts, members, names.length);
    return new SqlExamples(problem, source, columns, words, reading, names);
  }

  constructor(
    problem: Problem,
    source: SqlSource,
    columns: ExampleColumns,
    words: Words,
    reading: Reading,
    names: readonly string[],
  ) {
    super(problem, source, columns, words);
    this.#reading = reading;
    this.#names = names;
  }

  async target(): Promise<Warning[]> {
    return targetWarnings(this.problem, await this.#outcomes(), this.#reading.target);
  }

  /** From the columns' products alone: rows that have the same stand for all. */
  async design(): Promise<readonly Warning[]> {
    const { intercept } = this.problem;
    const d = this.columns;
    const few = rowWarnings(this.rows, d + (intercept ? 1 : 0));
    if (few.some(({ kind }) => kind === 'too-few-rows') || d > mostChecked) return few;
    const { shift, scale } = await this.moments(intercept);
    const { words } = this;
    const { x } = this.examples.of(words);
    const { low, high } = await this.ranges();
    const constant = x.map((_, j) => low[j] === high[j]);
    const moved = x.map((value, j) =>
      constant[j]
        ? words.number(0)
        : words.div(words.sub(value, words.number(shift[j])), words.number(scale[j])),
    );
    const pairs = moved.flatMap((a, i) => moved.slice(i).map((b) => words.mul(a, b)));
    const sums = await sumsOf(
      this.source,
      pairs.map((of) => ({ fold: 'sum', of })),
    );
    const gram = new Float64Array(d * d);
    let next = 0;
    for (let i = 0; i < d; i++) {
      for (let j = i; j < d; j++) {
        gram[i * d + j] = sums[next];
        gram[j * d + i] = sums[next++];
      }
    }
    const root = rowsOfGram(gram, d);
    // Each row and its opposite: columns of mean 0 about their shift.
    const data = new Float64Array(2 * (d + 1) * d);
    for (let i = 0; i <= d; i++) {
      for (let j = 0; j < d; j++) {
        const part = i < d && !constant[j] ? root[i * d + j] : 0;
        const at = constant[j] ? 1 : 0;
        data[2 * i * d + j] = at + part;
        data[(2 * i + 1) * d + j] = at + (intercept ? -part : 0);
      }
    }
    const stand = { data, rows: 2 * (d + 1), columns: d, names: [...this.#names] };
    return [...few, ...designWarnings(stand, intercept)];
  }

  async imbalance(labels: readonly string[]): Promise<readonly Warning[]> {
    return labels.length === 0 ? [] : imbalance(await this.#outcomes(), labels);
  }

  async metrics(at: Affine, labels: readonly string[]): Promise<Metrics> {
    const sums = metricSums(this.problem, labels);
    const { family } = this.problem;
    const scored = ({ w, b, shift }: Affine, block: { x: Value; offset?: Value }): FlatMatrix => {
      const t = add(matmul(shift === undefined ? block.x : sub(block.x, shift), w), b);
      return (block.offset === undefined ? t : add(t, block.offset)) as FlatMatrix;
    };
    type Seen = { x: Value; y: Value; offset?: Value };
    const f = (given: Affine, block: Seen): unknown =>
      sums({ p: family.mean(scored(given, block)), y: block.y });
    const names = metricNames(this.problem, labels);
    const seen = this.examples.only('x', 'y', 'offset');
    const found = await this.ask(`metrics ${labels.length}`, at, f as never, seen);
    const named = Object.fromEntries(names.map((name, k) => [name, found[k]]));
    const area =
      'areaUnderCurve' in family.measures && this.source.parts === 1
        ? await this.#area(at, (given: Affine, block: Seen) =>
            sum(family.mean(scored(given, block))),
          )
        : undefined;
    return metricsOf(this.problem, this.rows, named, area, labels);
  }

  /** What a likelihood's figures are made of: sums of the loss and of Pearson's residuals, mean predictions. */
  async goodness(at: Affine): Promise<{
    readonly loss: number;
    readonly pearson: number;
    readonly ofOnes: number;
    readonly ofZeros: number;
    readonly targets: ReadonlyMap<string, number> | undefined;
  }> {
    const { family } = this.problem;
    type Seen = { x: Value; y: FlatMatrix; offset?: Value };
    const f = ({ w, b }: Affine, { x, y, offset }: Seen): unknown => {
      const shifted = add(matmul(x, w), b);
      const t = offset === undefined ? shifted : add(shifted, offset);
      const mean = family.mean(t as FlatMatrix) as Value;
      // The variance of a canonical family is the slope of its mean.
      const variance = grad((scores: Value) => sum(family.mean(scores as FlatMatrix)))(
        t as FlatMatrix,
      );
      return {
        loss: sum(family.loss(t, y)),
        pearson: sum(div(square(sub(y, mean)), variance)),
        ones: sum(mul(mean, y)),
        all: sum(mean),
        count: sum(y),
      };
    };
    const seen = this.examples.only('x', 'y', 'offset');
    const found = await this.ask('goodness', at, f as never, seen);
    const [loss, pearson, ones, all, count] = found.map(({ data }) => data[0]);
    return {
      loss,
      pearson,
      ofOnes: ones / count,
      ofZeros: (all - ones) / (this.rows - count),
      targets: await this.targets(),
    };
  }

  /** The logarithm of the likelihood where the losses sum to this. */
  logLikelihood(
    total: number,
    targets: ReadonlyMap<string, number> | undefined,
  ): number | undefined {
    const { family } = this.problem;
    const y = Float64Array.from(targets?.keys() ?? [], Number);
    // Counts come into it one by one; a scale does not need them.
    if (targets === undefined && family.dispersion !== true) return undefined;
    const weights = family.dispersion ? undefined : Float64Array.from(targets?.values() ?? []);
    return family.logLikelihood?.({ total, count: this.rows, y, weights, analytic: false });
  }

  separation(): Separation {
    return 'not checked';
  }

  /** Every target, or each that occurs once where they are too many. */
  async #outcomes(): Promise<Float64Array> {
    const counted = await this.targets();
    if (counted === undefined) {
      const { y } = this.examples.of(this.words);
      return sumsOf(this.source, [
        { fold: 'min', of: y },
        { fold: 'max', of: y },
      ]);
    }
    if (this.rows > mostRows) return Float64Array.from(counted.keys(), Number);
    const all = new Float64Array(this.rows);
    let filled = 0;
    for (const [value, count] of counted) {
      all.fill(Number(value), filled, filled + count);
      filled += count;
    }
    return all;
  }

  /** The area under the curve from ranks: of each prediction, how many rows of 0 are below it. */
  async #area(at: Affine, predicted: (at: Affine, block: never) => Value): Promise<number> {
    const { dialect, relation } = this.source;
    const p = await this.text('predicted', at, predicted, this.examples.only('x', 'offset'));
    const y = Query.written(this.examples.of(this.words).y as Expression, dialect);
    const where = relation.where === undefined ? '' : ` WHERE ${relation.where}`;
    const fence = dialect.fence === '' ? '' : ` ${dialect.fence}`;
    const one = dialect.typed(1);
    const half = dialect.typed(0.5);
    const [[row]] = await this.source.ask(
      [
        `SELECT SUM(ones * (below + ${half} * zeros)) AS s1, SUM(ones) AS s2, SUM(zeros) AS s3 FROM (`,
        '  SELECT ones, zeros, SUM(zeros) OVER (ORDER BY p ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - zeros AS below FROM (',
        `    SELECT p, SUM(y) AS ones, SUM(${one} - y) AS zeros FROM (`,
        `      SELECT ${p} AS p, ${y} AS y FROM ${relation.from}${where}${fence}`,
        '    ) AS a GROUP BY p',
        '  ) AS b',
        ') AS c',
      ].join('\n'),
    );
    const [area, ones, zeros] = row.map(numberOfCell);
    return area / (ones * zeros);
  }
}
