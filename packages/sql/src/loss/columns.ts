import { shaped } from '@steepest/autodiff';
import { isPlain, refusal } from '@steepest/ground';
import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';
import type { SqlSource } from '../rows/source.ts';

/** Which columns a member of the batch is made of: one as n×1, several beside each other as n×k. */
export type ColumnMap = Readonly<Record<string, string | readonly string[]>>;

/** The batch that a loss sees, made of columns. */
export class BatchColumns {
  readonly #rows: SqlSource;
  readonly #members: readonly (readonly [key: string, names: readonly string[]])[];

  constructor(rows: SqlSource, map: ColumnMap | undefined) {
    this.#rows = rows;
    const columns = map ?? columnsOfSchema(rows);
    if (!isPlain(columns)) {
      const advice = "write { x: ['age', 'income'], y: 'bought' }";
      throw refusal('overRows', 'the columns must be an object of names', columns, advice);
    }
    this.#members = Object.entries(columns).map(([key, given]) => {
      const names = [given].flat() as readonly unknown[];
      if (names.length > 0 && names.every((name) => typeof name === 'string')) {
        return [key, names as readonly string[]];
      }
      const what = `the columns of ${JSON.stringify(key)} must be a name or a list of names`;
      throw refusal('overRows', what, given, "write { x: ['age', 'income'], y: 'bought' }");
    });
    for (const name of this.names) rows.declared(name);
  }

  /** Every column, once. */
  get names(): readonly string[] {
    return [...new Set(this.#members.flatMap(([, names]) => names))];
  }

  /** What the loss is recorded with. */
  shapes(rows: number): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      this.#members.map(([key, names]) => [key, shaped(rows, names.length)]),
    );
  }

  /** The columns of the k-th member. */
  namesOf(member: number): readonly string[] {
    return this.#members[member][1];
  }

  expressions(member: number, words: Words): readonly Expression[] {
    return this.namesOf(member).map((name) => this.#rows.expression(name, words));
  }
}

function columnsOfSchema({ given: schema }: SqlSource): ColumnMap {
  if (schema === undefined) {
    throw new TypeError(
      "overRows: which columns does the loss see? Give a schema to sqlRows, or { x: ['age'], y: 'bought' } " +
        'as the third argument',
    );
  }
  const used = schema.columns.filter(({ type }) =>
    ['number', 'boolean', 'category'].includes(type),
  );
  return Object.fromEntries(used.map(({ name }) => [name, name]));
}
