import { sparkDialect } from '../dialects/spark.ts';
import type { Database } from './connection.ts';

/**
 * Spark SQL as text: queries are written, and not asked. What gives rows of cells for a text, such as
 * a client of Spark Connect, makes a database that can be asked: `{ ...spark(), open }`.
 *
 * ```ts
 * const rows = sqlRows(spark(), { from: 'events', count: 1e9, schema });
 * console.log(overRows(loss, rows).sql(params));
 * ```
 */
export function spark(): Database {
  const open = async (): Promise<never> => {
    throw new TypeError(
      'spark: queries are written here, not asked; run overRows(…).sql(params) there, or give ' +
        '{ ...spark(), open } with a client of yours',
    );
  };
  return { dialect: sparkDialect, name: 'spark', snapshots: false, open };
}
