import { refusal } from '@steepest/ground';
import { clickhouseDialect } from '../dialects/clickhouse.ts';
import type { Cells, Database, Session } from './connection.ts';

/** What is used of @clickhouse/client. */
export interface ClickhouseClient {
  query(query: {
    readonly query: string;
    readonly format: 'JSONCompactEachRow';
    readonly clickhouse_settings: Readonly<Record<string, number>>;
    readonly abort_signal?: AbortSignal;
  }): Promise<{ json(): Promise<unknown> }>;
  ping(): unknown;
}

/** What is used of a session of chdb, ClickHouse within this process. */
export interface ChdbSession {
  query(text: string, format: string): unknown;
}

/** Queries are long, and infinities are to come back. */
const settings = {
  max_query_size: 1e9,
  max_ast_elements: 1e7,
  max_expanded_ast_elements: 1e7,
  output_format_json_quote_denormals: 1,
  precise_float_parsing: 1,
  // A name that a query gives to a value is not the column of that name within it.
  prefer_column_name_to_alias: 1,
  // Written into one another, nested queries whose columns are used repeatedly take exponential time.
  query_plan_merge_expressions: 0,
} as const;

/**
 * ClickHouse by a client of @clickhouse/client, or within this process by `new Session()` of chdb.
 * It has no snapshots: rows must not change while a fit runs, and a change of their number stops it.
 *
 * ```ts
 * const rows = sqlRows(clickhouse(createClient({ url })), { from: 'events' });
 * ```
 */
export function clickhouse(client: ClickhouseClient | ChdbSession): Database {
  if (typeof client?.query !== 'function') {
    const advice = 'pass createClient({ url }) of @clickhouse/client, or new Session() of chdb';
    throw refusal('clickhouse', 'expected a client', client, advice);
  }
  const query = 'ping' in client ? byHttp(client) : embedded(client);
  const open = async (): Promise<Session> => ({ query, end: async () => {} });
  const name = 'ping' in client ? 'clickhouse' : 'chdb';
  return { dialect: clickhouseDialect, name, snapshots: false, open };
}

const byHttp =
  (client: ClickhouseClient): Session['query'] =>
  async (text, signal) => {
    const found = await client.query({
      query: text,
      format: 'JSONCompactEachRow',
      clickhouse_settings: settings,
      ...(signal && { abort_signal: signal }),
    });
    return (await found.json()) as readonly Cells[];
  };

function embedded(session: ChdbSession): Session['query'] {
  const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  session.query(`SET ${list.join(', ')}`, 'CSV');
  return async (text, signal) => {
    signal?.throwIfAborted();
    const lines = String(session.query(text, 'JSONCompactEachRow')).split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Cells);
  };
}
