import type { FlatMatrix } from '@steepest/autodiff';
import { planOf } from '@steepest/compile/plan';
import { type Expression, Expressions } from '../expression/expression.ts';
import { Query } from '../expression/query.ts';
import type { Words } from '../expression/words.ts';
import { type CountedPlan, planFor } from '../program/any-count.ts';
import { type Pass, Program } from '../program/program.ts';
import type { SqlSource } from '../rows/source.ts';

type AnyFunction = (...args: never[]) => unknown;

/** What a function sees of the rows: an object of matrices, each made of expressions over columns. */
export interface RowMatrices {
  /** The argument that the function is recorded with. */
  shapes(rows: number): Readonly<Record<string, unknown>>;
  /** The columns of its k-th member. */
  expressions(member: number, words: Words): readonly Expression[];
}

/** A function of parameters and rows, recorded: what is asked of the database, and what comes of it. */
export class RecordedSums {
  readonly #rows: SqlSource;
  readonly #plan: CountedPlan;
  readonly #columns: RowMatrices;
  readonly #first: number;
  readonly #programs: { plain: Program; guarded?: Program };
  #guards = false;

  /** `first`: how many leaves come before those of the data. */
  constructor(
    f: AnyFunction,
    args: readonly unknown[],
    first: number,
    rows: SqlSource,
    columns: RowMatrices,
    count: number,
  ) {
    this.#rows = rows;
    this.#columns = columns;
    this.#first = first;
    this.#plan = planFor((n) => planOf(f as never)(...args, columns.shapes(n)), count);
    this.#programs = { plain: this.#program(false) };
  }

  /** Below which number the indices of a member must be. */
  get limits(): ReadonlyMap<number, number> {
    const { limits } = this.#programs.plain;
    return new Map([...limits].map(([leaf, limit]) => [leaf - this.#first, limit] as const));
  }

  /** How many sums a value takes. */
  get sums(): number {
    const passes = this.#programs.plain.passes.flatMap(({ queries }) => queries);
    return passes.reduce((sum, query) => sum + query.results, 0);
  }

  /** The leaves of the result, at these leaves of the parameters. */
  async at(leaves: readonly FlatMatrix[], signal?: AbortSignal): Promise<FlatMatrix[]> {
    if (!this.#guards) {
      try {
        return await this.#run(this.#programs.plain, leaves, signal);
      } catch (error) {
        if (!this.#rows.dialect.outOfRange(error)) throw error;
        this.#guards = true;
      }
    }
    this.#programs.guarded ??= this.#program(true);
    return this.#run(this.#programs.guarded, leaves, signal);
  }

  /** The first pass's queries. */
  text(leaves: readonly FlatMatrix[]): string {
    const { pass, slots } = this.#programs.plain.first(leaves);
    return pass.queries.map((query) => this.#rows.queryText(query, slots)).join(';\n\n');
  }

  /** What a row adds to the first sum, written out over the table's columns. */
  rowText(leaves: readonly FlatMatrix[]): string {
    const { pass, slots } = this.#programs.plain.first(leaves);
    return Query.written(pass.queries[0].aggregates[0].of, this.#rows.dialect, slots);
  }

  #run(
    program: Program,
    leaves: readonly FlatMatrix[],
    signal: AbortSignal | undefined,
  ): Promise<FlatMatrix[]> {
    const sums = async ({ queries }: Pass, slots: Float64Array): Promise<Float64Array> => {
      const found: number[] = [];
      for (const query of queries) found.push(...(await this.#rows.sums(query, slots, signal)));
      return Float64Array.from(found);
    };
    return program.run(leaves, sums);
  }

  #program(guarded: boolean): Program {
    const { dialect } = this.#rows;
    const words = dialect.words(new Expressions(), guarded);
    return new Program(this.#plan, dialect, words, (leaf) =>
      this.#columns.expressions(leaf - this.#first, words),
    );
  }
}
