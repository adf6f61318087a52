import { stat } from 'node:fs/promises';
import { type ColumnSummary, describe } from '@steepest/datasets';
import { expectFile, expectNoFolder } from '../data/model.ts';
import { readData } from '../data/read.ts';
import { writeWhole } from '../data/write.ts';
import { familyFor } from '../fitting/families.ts';
import { trialWarnings } from '../fitting/trial.ts';
import type { Io } from '../io.ts';
import { histogram } from '../output/histogram.ts';
import { type InspectFacts, inspectText } from '../output/inspect-text.ts';
import { headOf, type Output } from '../output/output.ts';
import type { Given } from '../usage/given.ts';

/** steepest inspect: what a file holds, and a schema to keep. */
export async function run(given: Given, io: Io): Promise<Output> {
  const path = given.argument(0, 'the data file');
  const file = given.text('schema');
  await expectNoFolder(file);
  await expectFile(path);
  const writes = file !== undefined && (await stat(file).catch(() => undefined)) === undefined;
  const target = given.text('target');
  const { table, reasons } = await readData(path, given, target, io.signal, writes);
  const family = target === undefined ? undefined : familyFor(table, target);
  const columns = describe(table).columns.map((summary) => {
    const { least, greatest } = summary;
    const drawn =
      least === undefined || greatest === undefined
        ? ''
        : histogram(table.columns.get(summary.name)!, least, greatest); // described, hence there
    return { ...summary, ...(drawn === '' ? {} : { histogram: drawn }) };
  });
  const warnings = [
    ...table.warnings.map(({ message }) => message),
    ...columns.flatMap(seen),
    ...(target === undefined ? [] : await trialWarnings(table, target, io.signal)),
  ];
  if (writes) await writeWhole(file, `${JSON.stringify(table.schema, null, 1)}\n`);
  const facts: InspectFacts = {
    ...headOf('inspect'),
    file: path,
    rows: table.rows,
    dropped: table.droppedRows,
    columns,
    warnings: [...new Set(warnings)],
    schema: table.schema,
    ...(reasons === undefined ? {} : { reasons }),
    ...(target === undefined || family === undefined ? {} : { target, family }),
    ...(writes ? { saved: file } : {}),
  };
  return { facts, text: inspectText(facts) };
}

/** What a summary alone shows. */
function seen({ name, type, distinct, missing }: ColumnSummary): string[] {
  if (distinct === 0) return [`${JSON.stringify(name)} is empty: leave it out`];
  if (distinct === 1 && missing === 0)
    return [`${JSON.stringify(name)} is constant: it tells nothing`];
  return type === 'text'
    ? [`${JSON.stringify(name)} is text with ${distinct} different values: not used by train`]
    : [];
}
