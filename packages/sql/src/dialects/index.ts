import { clickhouseDialect } from './clickhouse.ts';
import type { Dialect } from './dialect.ts';
import { duckdbDialect } from './duckdb.ts';
import { postgresDialect } from './postgres.ts';
import { sparkDialect } from './spark.ts';
import { sqliteDialect } from './sqlite.ts';

/** The dialects by name: SQLite with the logarithm of its own functions. */
export const dialects: Readonly<Record<string, Dialect>> = {
  clickhouse: clickhouseDialect,
  duckdb: duckdbDialect,
  postgres: postgresDialect,
  spark: sparkDialect,
  sqlite: sqliteDialect('ln'),
};
