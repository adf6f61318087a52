// Databases, by connections of yours

export { type ChdbSession, type ClickhouseClient, clickhouse } from './connections/clickhouse.ts';
export type { Cells, Database, Session } from './connections/connection.ts';
export { type DuckdbConnection, duckdb } from './connections/duckdb.ts';
export {
  type PgliteClient,
  type PostgresClient,
  type PostgresPool,
  postgres,
} from './connections/postgres.ts';
export { spark } from './connections/spark.ts';
export { type NodeSqliteDatabase, type SqlJsDatabase, sqlite } from './connections/sqlite.ts';

// Rows, and losses over them

export type { ColumnMap } from './loss/columns.ts';
export { overRows, type SqlLoss } from './loss/over-rows.ts';
export type { Traffic } from './rows/shards.ts';
export type { SqlRowsOptions } from './rows/source.ts';
export { type SqlRows, sqlRows } from './rows/sql-rows.ts';

// Standard errors, and scoring, in the database

export { type PredictSqlOptions, predictSql } from './fit/predict-sql.ts';
export { summaryInDatabase } from './fit/summary.ts';

// How databases write things

export { type Dialect, doubleLiteral, quoted, textLiteral } from './dialects/dialect.ts';
export type { Aggregate, Relation } from './expression/query.ts';
