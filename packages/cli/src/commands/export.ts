import { predictSql } from '@steepest/sql';
import { readModel } from '../data/model.ts';
import { headOf, type Output } from '../output/output.ts';
import { UsageError } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';

const languages = ['postgres', 'duckdb', 'sqlite', 'clickhouse', 'spark'] as const;

/** steepest export: what a model predicts, for a SELECT. */
export async function run(given: Given): Promise<Output> {
  const path = given.argument(0, 'the model file');
  const to = given.word('to', languages);
  if (to === undefined) throw new UsageError(`--to is needed; one of ${languages.join(', ')}`);
  const code = predictSql(await readModel(path), to);
  const facts = { ...headOf('export'), model: path, to, code };
  return {
    facts,
    text: () => `${code}
`,
  };
}
