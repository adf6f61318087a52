import { columnOf, rowAt } from '@steepest/datasets';
import { readTable } from '@steepest/datasets/node';
import { type Explanation, explain, type Fitted } from '@steepest/models';
import { expectFile, readModel } from '../data/model.ts';
import { manner } from '../data/read.ts';
import { plain } from '../fitting/sureness.ts';
import { treatments } from '../fitting/treatment.ts';
import type { Io } from '../io.ts';
import { grid, six } from '../output/grid.ts';
import { headOf, type Output } from '../output/output.ts';
import { coefficientsText } from '../output/train-text.ts';
import { Refusal, UsageError } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';

/** steepest explain: coefficients, columns, and how one prediction came about. */
export async function run(given: Given, io: Io): Promise<Output> {
  const path = given.argument(0, 'the model file');
  const fitted = await readModel(path);
  const { preparation, target } = fitted.reading;
  const row = given.text('row');
  const explained = row === undefined ? undefined : await explainRow(fitted, row, given, io);
  const facts = {
    ...headOf('explain'),
    model: path,
    target,
    family: fitted.problem.name,
    columns: preparation === undefined ? [] : treatments(preparation),
    coefficients: plain(fitted),
    ...(explained === undefined ? {} : { row, scores: explained.scores.map(scoreFacts) }),
  };
  return {
    facts,
    text: (colours) =>
      `${[
        colours.bold(`${facts.family} of ${target}`),
        grid(facts.columns.map(({ name, type, how }) => [name, type, how])),
        coefficientsText(facts),
        ...(facts.scores ?? []).map((score) => scoreText(score, row ?? '')),
      ].join('\n\n')}\n`,
  };
}

type ScoreFacts = ReturnType<typeof scoreFacts>;

function scoreFacts({ output, contributions, ...score }: Explanation['scores'][number]) {
  return {
    ...score,
    ...(output === undefined ? {} : { output }),
    contributions: contributions.map((each) => ({ ...each, value: shown(each.value) })),
  };
}

function shown(value: unknown): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '';
  return value instanceof Date ? value.toISOString() : String(value);
}

function scoreText(
  { output, base, offset, score, prediction, contributions }: ScoreFacts,
  row: string,
) {
  const rows = contributions.map(({ column, value, contribution }) => [
    column,
    value,
    six(contribution),
  ]);
  return grid([
    [row, output ?? '', 'contribution'],
    ['(base)', '', six(base)],
    ...(offset === 0 ? [] : [['(offset)', '', six(offset)]]),
    ...rows,
    ['score', '', six(score)],
    ['prediction', '', six(prediction)],
  ]);
}

/** file.csv:17 is the row on line 17, whose first line holds the names. */
async function explainRow(
  fitted: Fitted,
  text: string,
  given: Given,
  io: Io,
): Promise<Explanation> {
  const [, file, digits] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (file === undefined) {
    throw new UsageError(
      `--row must name a file and a line, got ${JSON.stringify(text)}; try new.csv:17`,
    );
  }
  await expectFile(file);
  const named = /\.(jsonl|ndjson|parquet|sqlite3?|db)(\.gz)?$/i.test(file) ? 1 : 2;
  const i = Number(digits) - named;
  const { preparation } = fitted.reading;
  if (preparation === undefined) throw new Refusal('the model knows no columns');
  const columns = preparation.features.flatMap((name) => columnOf(preparation.schema, name) ?? []);
  const table = await readTable(file, {
    ...manner(given),
    schema: { columns, others: 'ignore' },
    limit: Math.max(1, i + 1),
    signal: io.signal,
  });
  if (i < 0 || i >= table.rows) {
    throw new Refusal(
      `${file} has no row on line ${digits}; its rows are on lines ${named} to ${table.rows + named - 1}`,
    );
  }
  const cells = Object.entries(rowAt(table, i)).map(([name, cell]) => [
    name,
    Number.isNaN(cell) ? null : cell,
  ]);
  return explain(fitted, new Map(cells as [string, unknown][]));
}
