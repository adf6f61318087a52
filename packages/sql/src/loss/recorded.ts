import type { FlatMatrix } from '@steepest/autodiff';
import { planOf } from '@steepest/compile/plan';
import { Expressions } from '../expression/expression.ts';
import { type Pass, Program } from '../program/program.ts';
import type { SqlRows } from '../rows/sql-rows.ts';
import type { BatchColumns } from './columns.ts';

type AnyFunction = (...args: never[]) => unknown;

/** A function of parameters and rows, recorded: what is asked of the database, and what comes of it. */
export class RecordedSums {
  readonly #rows: SqlRows;
  readonly #plan: ReturnType<ReturnType<typeof planOf>>;
  readonly #columns: BatchColumns;
  readonly #first: number;
  readonly #programs: { plain: Program; guarded?: Program };
  #guards = false;

  /** `first`: how many leaves come before those of the data. */
  constructor(
    f: AnyFunction,
    args: readonly unknown[],
    first: number,
    rows: SqlRows,
    columns: BatchColumns,
    count: number,
  ) {
    this.#rows = rows;
    this.#columns = columns;
    this.#first = first;
    this.#plan = planOf(f as never)(...args, columns.shapes(count));
    this.#programs = { plain: this.#program(false) };
  }

  get limits(): ReadonlyMap<string, number> {
    const named = [...this.#programs.plain.limits].map(
      ([leaf, limit]) => [this.#columns.namesOf(leaf - this.#first)[0], limit] as const,
    );
    return new Map(named);
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
