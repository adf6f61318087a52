import { FlatMatrix, flattenTree, toFlatMatrix } from '@steepest/autodiff';
import type { Problem } from '@steepest/models';
import {
  type Affine,
  type CurvatureSums,
  type Moments,
  type NullModel,
  nullModel,
  rowSums,
  type ScorePair,
  type Sums,
} from '@steepest/models/rows';
import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';
import { RecordedSums } from '../loss/recorded.ts';
import { sumsOf } from '../prepared/answers.ts';
import { groups } from '../prepared/facts.ts';
import type { SqlSource } from '../rows/source.ts';
import type { ExampleColumns } from './examples-columns.ts';

type AnyFunction = (...args: never[]) => unknown;
type Gradient = Awaited<ReturnType<Sums['gradient']>>;

/** The sums that solving asks for, by queries that are made of the family's own derivatives. */
export class SqlSums implements Sums {
  readonly rows: number;
  readonly columns: number;
  protected readonly problem: Problem;
  protected readonly source: SqlSource;
  protected readonly examples: ExampleColumns;
  /** For what is asked once, and holds no parameter. */
  protected readonly words: Words;
  readonly #sums: ReturnType<typeof rowSums>;
  readonly #recorded = new Map<string, RecordedSums>();
  readonly #moments: (Promise<Moments> | undefined)[] = [];
  #ranges: ReturnType<SqlSums['ranges']> | undefined;
  #targetCounts: Promise<Map<string, number> | undefined> | undefined;

  constructor(problem: Problem, source: SqlSource, examples: ExampleColumns, words: Words) {
    this.problem = problem;
    this.source = source;
    this.examples = examples;
    this.words = words;
    this.rows = source.known as number;
    this.columns = examples.of(words).x.length;
    this.#sums = rowSums(problem.family, false);
  }

  moments(centred: boolean): Promise<Moments> {
    this.#moments[Number(centred)] ??= this.#momentsOf(centred);
    return this.#moments[Number(centred)] as Promise<Moments>;
  }

  /** The sum, the smallest and the largest number of each prepared column. */
  protected ranges(): Promise<{ sums: Float64Array; low: Float64Array; high: Float64Array }> {
    this.#ranges ??= this.#rangesOf();
    return this.#ranges;
  }

  /** How many rows have each target; undefined where there are more than a thousand of them. */
  protected targets(): Promise<Map<string, number> | undefined> {
    this.#targetCounts ??= groups(this.source, this.examples.of(this.words).y, mostTargets).catch(
      (error: unknown) => {
        if (error instanceof RangeError) return undefined;
        throw error;
      },
    );
    return this.#targetCounts;
  }

  async #rangesOf(): ReturnType<SqlSums['ranges']> {
    const { x } = this.examples.of(this.words);
    const d = x.length;
    const all = await sumsOf(this.source, [
      ...x.map((of) => ({ fold: 'sum' as const, of })),
      ...x.map((of) => ({ fold: 'min' as const, of })),
      ...x.map((of) => ({ fold: 'max' as const, of })),
    ]);
    return { sums: all.slice(0, d), low: all.slice(d, 2 * d), high: all.slice(2 * d) };
  }

  async #momentsOf(centred: boolean): Promise<Moments> {
    const { words } = this;
    const { x } = this.examples.of(words);
    const d = x.length;
    const { sums, low, high } = await this.ranges();
    const [shift, scale] = [new Float64Array(d), new Float64Array(d).fill(1)];
    for (let j = 0; j < d; j++) {
      if (low[j] === high[j]) shift[j] = centred ? low[j] : 0;
      else if (centred) shift[j] = sums[j] / this.rows;
    }
    const moved = x.map((value, j) => words.sub(value, words.number(shift[j])));
    const squares = await sumsOf(
      this.source,
      moved.map((of) => ({ fold: 'sum', of: words.mul(of, of) })),
    );
    for (let j = 0; j < d; j++) {
      const furthest = Math.max(high[j] - shift[j], shift[j] - low[j]);
      // What rounding alone would leave is no spread.
      if (furthest <= 4 * Number.EPSILON * Math.abs(shift[j])) {
        if (centred) shift[j] = low[j];
      } else if (squares[j] > 0) scale[j] = Math.sqrt(squares[j] / this.rows);
    }
    const finite = [...sums, ...low, ...high, ...squares].every(Number.isFinite);
    return { shift, scale, finite };
  }

  async nothing(): Promise<NullModel> {
    const { words } = this;
    const { y, weights, offset } = this.examples.of(words);
    const weight = weights ?? words.number(1);
    if (offset === undefined) {
      const few = await this.#targets(y, weight);
      if (few !== undefined) return nullModel(this.problem, few);
    }
    const [total, sum, squares] = await sumsOf(this.source, [
      { fold: 'sum', of: weight },
      { fold: 'sum', of: words.mul(weight, y) },
      { fold: 'sum', of: words.mul(y, y) },
    ]);
    const mean = nullModel(this.problem, { y: new FlatMatrix(1, 1, [sum / total]) });
    const { family } = this.problem;
    const least = family.least === undefined ? 0 : await this.#least(y, weight);
    const intercepts =
      offset === undefined && family.canonical
        ? mean.intercepts
        : await this.#best(mean.intercepts);
    return { intercepts, least, meanSquare: squares / this.rows };
  }

  async gradient(at: Affine): Promise<Gradient> {
    const [value, w, b] = await this.ask('gradient', at, this.#sums.gradient);
    return { value: value.data[0], gradient: { w, b } };
  }

  async curvature(at: Affine, pairs: readonly ScorePair[]): Promise<readonly CurvatureSums[]> {
    // The pairs are parameters: as numbers of the function's own they would be written out for all rows.
    type Given = Affine & { readonly pairs: readonly ScorePair[] };
    const all = ({ pairs: asked, ...given }: Given, block: never): unknown =>
      asked.map((pair) => this.#sums.curvature({ ...given, ...pair }, block));
    const found = await this.ask(`curvature ${pairs.length}`, { ...at, pairs }, all as AnyFunction);
    return pairs.map((_, k) => {
      const [ww, wb, bb] = found.slice(3 * k, 3 * k + 3);
      return { ww, wb, bb };
    });
  }

  async along(at: Affine, v: Affine): Promise<{ w: FlatMatrix; b: FlatMatrix }> {
    const direction = { w: v.w, b: v.b };
    const [w, b] = await this.ask('along', { ...at, v: direction } as Affine, this.#sums.along);
    return { w, b };
  }

  async farthest(at: Affine): Promise<number> {
    const [most] = await this.ask('farthest', at, this.#sums.farthest, this.examples.only('x'));
    return most.data[0];
  }

  /** The leaves of a function of parameters and rows, recorded at its first call. */
  protected ask(
    name: string,
    at: object,
    f: AnyFunction,
    examples: ExampleColumns = this.examples,
  ): Promise<FlatMatrix[]> {
    const { recorded, leaves } = this.#recordedFor(name, at, f, examples);
    return recorded.at(leaves);
  }

  /** What a row adds to the first sum of a function, as an expression over the table's columns. */
  protected text(
    name: string,
    at: object,
    f: AnyFunction,
    examples: ExampleColumns = this.examples,
  ): string {
    const { recorded, leaves } = this.#recordedFor(name, at, f, examples);
    return recorded.rowText(leaves);
  }

  #recordedFor(
    name: string,
    at: object,
    f: AnyFunction,
    examples: ExampleColumns,
  ): { readonly recorded: RecordedSums; readonly leaves: FlatMatrix[] } {
    const given = Object.fromEntries(Object.entries(at).filter(([, part]) => part !== undefined));
    const { leaves } = flattenTree(given);
    const key = `${name} ${Object.keys(given)}`;
    let recorded = this.#recorded.get(key);
    if (recorded === undefined) {
      recorded = new RecordedSums(f, [given], leaves.length, this.source, examples, this.rows);
      this.#recorded.set(key, recorded);
    }
    return { recorded, leaves: leaves.map((leaf) => toFlatMatrix(leaf as FlatMatrix)) };
  }

  /** One row for each target that occurs, weighted by how often; undefined where they are many. */
  async #targets(
    y: Expression,
    weight: Expression,
  ): Promise<{ y: FlatMatrix; weights: FlatMatrix } | undefined> {
    const counted = await this.targets();
    if (counted === undefined) return undefined;
    const values = [...counted.keys()].map(Number);
    const { words } = this;
    const zero = words.number(0);
    const totals =
      weight.kind === 'number'
        ? Float64Array.from(counted.values())
        : await sumsOf(
            this.source,
            values.map((value) => ({
              fold: 'sum' as const,
              of: words.choose(words.equal(y, words.number(value)), weight, zero),
            })),
          );
    const scale = values.length / totals.reduce((sum, x) => sum + x, 0);
    return {
      y: new FlatMatrix(values.length, 1, Float64Array.from(values)),
      weights: new FlatMatrix(
        values.length,
        1,
        totals.map((x) => x * scale),
      ),
    };
  }

  /** The mean of the least losses, from the targets' counts: they are sums of a function of y alone. */
  async #least(y: Expression, weight: Expression): Promise<number> {
    const { least } = this.problem.family;
    if (least === undefined) return 0;
    const counted = await groups(this.source, y);
    if (weight.kind !== 'number') {
      throw new RangeError(
        'fit: with weights, a target of this family may have 1000 different values at most in a database',
      );
    }
    let sum = 0;
    for (const [value, count] of counted)
      sum += count * least.call(this.problem.family, Number(value));
    return sum / this.rows;
  }

  /** The best intercept beside an offset: Newton's method in one number, a query or two a step. */
  async #best(start: Float64Array): Promise<Float64Array> {
    const w = new FlatMatrix(this.columns, start.length);
    const b = new FlatMatrix(1, start.length, start.slice());
    if (start.length > 1) return start;
    const one = { w, b: new FlatMatrix(1, 1, [1]) };
    for (let round = 0; round < 60; round++) {
      const { gradient } = await this.gradient({ w, b });
      const curved = await this.along({ w, b }, one);
      const step = -gradient.b.data[0] / curved.b.data[0];
      if (!Number.isFinite(step) || Math.abs(step) <= 1e-12 * (1 + Math.abs(b.data[0]))) break;
      b.data[0] += step;
    }
    return b.data;
  }
}

/** Targets up to so many are told apart one by one. */
const mostTargets = 1000;
