import * as autodiff from '../../packages/autodiff/src/index.ts';
import { asTraining, parseCsv } from '../../packages/datasets/src/index.ts';
import { fit, logisticRegression } from '../../packages/models/src/index.ts';
import * as sql from '../../packages/sql/src/index.ts';
import { type Door, s } from './door.ts';

const { FlatMatrix, matmul, mean } = autodiff;
type Value = autodiff.Value;

const all = sql as unknown as Readonly<Record<string, (...args: never[]) => unknown>>;
const door = (
  name: string,
  args: Door['args'],
  run: Door['run'] = all[name.split(' ')[0]],
  depth?: number,
): Door => ({ name, args, run, ...(depth === undefined ? {} : { depth }) });

const rows = () => sql.sqlRows(sql.spark(), { from: 'events', count: 100 });
const loss = (w: Value, { x }: { x: Value }) => mean(matmul(x, w));

const model = () => {
  const text = 'a,y\n1,0\n2,1\n3,0\n4,1\n5,1\n6,0\n';
  const table = asTraining(parseCsv(text));
  return fit(logisticRegression({ l2: 1 }), table, { target: 'y' });
};

export const sqlDoors: Door[] = [
  door(
    'sqlRows',
    () => [sql.spark(), s({ from: 'events', where: 'true', count: 10 })],
    undefined,
    // A database is the library's own.
    1,
  ),
  door('overRows', () => [loss, rows(), { x: ['a', 'b'] }]),
  door(
    'overRows().sql',
    () => [new FlatMatrix(2, 1)],
    (...given: never[]) =>
      (sql.overRows(loss, rows(), { x: ['a', 'b'] }).sql as (...x: never[]) => unknown)(...given),
  ),
  door('predictSql', async () => [await model(), 'postgres', s({ as: 'p' })], undefined, 1),
  door('spark', () => []),
];

/** They take connections of other libraries, which say themselves what they cannot do. */
export const sqlOthers: string[] = [
  'summaryInDatabase',
  'duckdb',
  'postgres',
  'sqlite',
  'clickhouse',
  'quoted',
  'textLiteral',
  'doubleLiteral',
];
