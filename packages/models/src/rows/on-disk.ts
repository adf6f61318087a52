import {
  columnOf,
  columnValues,
  type DiskTable,
  type Preparation,
  type Table,
  type Train,
} from '@steepest/datasets';
import { columnWarnings, countsRows, orderWarnings } from '../checks/column-warnings.ts';
import { holesIn, numbersOf } from '../fit/columns.ts';
import { counted } from '../fit/training-set.ts';
import { ExamplesOnDisk } from './examples-on-disk.ts';
import type { Rows } from './rows.ts';
import { wholeColumns } from './whole-columns.ts';

/** The rows of a table on disk: they are gone through block by block, the next one read while one is worked on. */
export function rowsOnDisk(table: DiskTable): Rows {
  const { schema, names, role, file, warnings, rows } = table;
  const type: Rows['type'] = (name) => {
    const found = names.includes(name) ? columnOf(schema, name)?.type : undefined;
    return found === 'ignored' ? undefined : found;
  };
  return {
    schema,
    names,
    role,
    file,
    warnings,
    rows,
    type,
    async counted(weights) {
      columnValues(table.slice(0, 0), weights, 'fit'); // which says what is there
      const kept = counted(numbersOf(await wholeColumns(table, [weights]), weights));
      if (kept === undefined) return this;
      return rowsOnDisk(table.part(Int32Array.from(kept), role));
    },
    fit: (preparation: Preparation) => preparation.fit(table as Train<DiskTable>),
    column(name) {
      columnValues(table.slice(0, 0), name, 'fit'); // which says what is there
      return wholeColumns(table, [name]);
    },
    async holes(wanted) {
      const found = wanted.map(() => 0);
      for await (const { table: block } of table.scan(undefined, wanted)) {
        wanted.forEach((name, k) => {
          found[k] += holesIn(columnValues(block, name, 'fit'));
        });
      }
      return found;
    },
    notes: (features) => [
      ...orderWarnings(warnings),
      ...columnWarnings(
        { names, type },
        features,
        (name) => type(name) === 'number' && countsRows(rows, () => partsOf(table, name)),
      ),
    ],
    examples: (problem, reading) => ExamplesOnDisk.of(problem, table, reading),
  };
}

/** A few numbers of a column first, which most often tell enough; then all of them, 8 bytes a row. */
function* partsOf(table: DiskTable, name: string): Generator<Float64Array> {
  const few = Math.min(table.rows, 1000);
  yield numbersIn(table.slice(0, few, [name]), name);
  if (few < table.rows) yield numbersIn(table.slice(few, table.rows, [name]), name);
}

function numbersIn(table: Table, name: string): Float64Array {
  const column = columnValues(table, name, 'fit');
  return column.type === 'number' ? column.values : new Float64Array(0);
}
