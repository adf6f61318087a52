import {
  add,
  FlatMatrix,
  flattenTree,
  isLeaf,
  matmul,
  shaped,
  slice,
  sum,
  toFlatMatrix,
  type Value,
} from '@steepest/autodiff';
import { planOf } from '@steepest/compile/plan';
import { columnOf, type NamedColumn } from '@steepest/datasets';
import { isCallable, isPlain, option, refusal, type Spec, settle, text } from '@steepest/ground';
import type { Fitted } from '@steepest/models';
import type { Dialect } from '../dialects/dialect.ts';
import { dialects } from '../dialects/index.ts';
import { type Expression, Expressions } from '../expression/expression.ts';
import { Query } from '../expression/query.ts';
import { Program } from '../program/program.ts';
import { ExampleColumns } from './examples-columns.ts';
import { features, type Known, numberColumn, preparedFrame } from './reading.ts';

/** What becomes of the expression; it stands alone unless one of these is asked for. */
export interface PredictSqlOptions {
  /** A view of this name, of all columns of `from` and the prediction. */
  readonly view?: string | undefined;
  /** The table that a view is of. */
  readonly from?: string | undefined;
  /** A statement that writes the prediction into a column of a table. */
  readonly update?: { readonly table: string; readonly column: string } | undefined;
  /** What the prediction is called in a view; `prediction` unless said. */
  readonly as?: string | undefined;
}

const spec = {
  view: text(),
  from: text(),
  update: option<{ readonly table: string; readonly column: string }>({
    expected: "{ table: 'events', column: 'score' }",
    accepts: (x) => {
      const { table, column } = (x ?? {}) as { table?: unknown; column?: unknown };
      return typeof table === 'string' && typeof column === 'string';
    },
    sample: "{ table: 'events', column: 'score' }",
  }),
  as: text('prediction'),
} satisfies Spec<PredictSqlOptions>;

/** A row for scoring is never one of many: a recording of two stands for all. */
const rows = 2;

/**
 * What a fitted model predicts, as SQL: an expression over the raw columns for a SELECT, a view, or an
 * UPDATE. It is what `predict` gives, and NULL where `predict` refuses the row: holes that the
 * preparation does not fill, labels that training did not see. Of several classes it is one column for
 * each, `"setosa"`, … Throws a TypeError for a model of ready features, and for a dialect that there is not.
 *
 * ```ts
 * predictSql(model, 'postgres'); // 1e0 / (1e0 + exp(…))
 * predictSql(model, 'duckdb', { view: 'scored', from: 'events' });
 * predictSql(model, 'sqlite', { update: { table: 'events', column: 'score' } });
 * ```
 */
export function predictSql(
  fitted: Fitted,
  dialect: string | Dialect,
  options: PredictSqlOptions = {},
): string {
  if (!isFitted(fitted)) {
    throw refusal(
      'predictSql',
      'expected a fitted model',
      fitted,
      'write predictSql(await fit(…), …)',
    );
  }
  const written = dialectOf(dialect);
  const { view, from, update, as } = settle('predictSql', options, spec);
  if (view !== undefined && update !== undefined) {
    throw new TypeError('predictSql: ask for a view or an update, not both');
  }
  const predictions = predictionsOf(fitted, written);
  if (update !== undefined) {
    if (predictions.length > 1) {
      throw new TypeError(
        `predictSql: ${predictions.length} classes have a column each; update one from a view of them`,
      );
    }
    const { table, column } = update;
    return `UPDATE ${written.quote(table)} SET ${written.quote(column)} = ${predictions[0].text}`;
  }
  const named = predictions.map(({ text, label }) => `${text} AS ${written.quote(label ?? as)}`);
  if (view !== undefined) {
    if (from === undefined) {
      throw new TypeError(
        "predictSql: say what the view is of: { view: 'scored', from: 'events' }",
      );
    }
    return `CREATE VIEW ${written.quote(view)} AS SELECT *, ${named.join(', ')} FROM ${written.quote(from)}`;
  }
  return predictions.length === 1 ? predictions[0].text : named.join(', ');
}

function isFitted(x: unknown): x is Fitted {
  const { problem, params, reading } = (x ?? {}) as Partial<Fitted>;
  const isModel = isCallable(problem?.family?.mean) && isPlain(reading);
  return isModel && isLeaf(params?.w) && isLeaf(params?.b) && typeof params?.w === 'object';
}

function dialectOf(given: string | Dialect): Dialect {
  if (typeof given === 'object' && typeof given?.words === 'function') return given;
  if (typeof given === 'string' && Object.hasOwn(dialects, given)) return dialects[given];
  const known = Object.keys(dialects).join(', ');
  throw refusal('predictSql', `the dialect must be one of ${known}`, given, "write 'postgres'");
}

interface Prediction {
  readonly text: string;
  readonly label: string | undefined;
}

function predictionsOf({ problem, params, reading }: Fitted, dialect: Dialect): Prediction[] {
  const { preparation } = reading;
  if (preparation === undefined) {
    throw new TypeError(
      'predictSql: this model was fitted to ready features and knows no raw columns',
    );
  }
  const known: Known = {
    dialect,
    columnNamed: (name) => columnOf(preparation.schema, name) as NamedColumn,
    levelsOf: () => [],
  };
  const words = dialect.words(new Expressions(), false);
  const frame = preparedFrame(known, reading, words);
  const x = features(frame);
  const offsets: Expression[] = [];
  if (reading.offset !== undefined) offsets.push(numberColumn(known, reading.offset, words));
  if (reading.exposure !== undefined) {
    offsets.push(words.ln(numberColumn(known, reading.exposure, words)));
  }
  const offset = offsets.length === 0 ? undefined : words.sum(offsets);
  const members = offset === undefined ? (['x'] as const) : (['x', 'offset'] as const);
  const columns = new ExampleColumns(() => ({ x, y: words.number(0), offset }), members, x.length);
  const { w, b } = params;
  const given = { w, b: typeof b === 'number' ? new FlatMatrix(1, 1, [b]) : b };
  const { leaves } = flattenTree(given);
  const shapes = { w: shaped(w.rows, w.columns), b: shaped(1, given.b.columns) };
  return Array.from({ length: problem.outputs }, (_, k) => {
    const f = (p: { w: Value; b: Value }, block: { x: Value; offset?: Value }): Value => {
      const t = add(matmul(block.x, p.w), p.b);
      const scores = block.offset === undefined ? t : add(t, block.offset);
      const mean = problem.family.mean(scores as FlatMatrix) as Value;
      return sum(problem.outputs === 1 ? mean : slice(mean, [0, rows], [k, k + 1]));
    };
    const plan = planOf(f as never)(shapes, columns.shapes(rows));
    const program = new Program({ plan, numbers: new Map() }, dialect, words, (leaf) =>
      columns.expressions(leaf - leaves.length, words),
    );
    const { pass, slots } = program.first(leaves.map((leaf) => toFlatMatrix(leaf as FlatMatrix)));
    const { of } = pass.queries[0].aggregates[0];
    const none = words.literal('NULL');
    const faults = frame.faults.map(({ condition }) => [condition, none] as const);
    const found = faults.length === 0 ? of : words.cases(faults, of);
    const label = problem.outputs === 1 ? undefined : (reading.classes?.[k] ?? String(k));
    return { text: Query.written(found, dialect, slots), label };
  });
}
