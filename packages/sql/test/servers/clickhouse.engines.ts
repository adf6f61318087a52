import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type ChdbSession, clickhouse } from '../../src/index.ts';
import { battery } from '../support/battery.ts';
import type { Engine } from '../support/engines.ts';

// ClickHouse within this process; `pnpm install --ignore-workspace` in the folder clickhouse puts it there.
const require = createRequire(new URL('clickhouse/package.json', import.meta.url));

interface Chdb {
  readonly Session: new () => ChdbSession & { cleanup(): void };
}

function opening(): (() => Promise<Engine>) | undefined {
  let path: string;
  try {
    path = require.resolve('chdb');
  } catch {
    return undefined;
  }
  return async () => {
    const { Session } = (await import(pathToFileURL(path).href)) as Chdb;
    const session = new Session();
    return {
      database: clickhouse(session),
      run: async (sql) => {
        // Its tables name an engine, and it alters rows in the background unless it is to wait.
        const own = sql
          .replace(/^(CREATE TABLE .*)$/s, '$1 ENGINE = MergeTree ORDER BY tuple()')
          .replaceAll('DOUBLE PRECISION', 'Nullable(Float64)')
          .replaceAll(' TEXT', ' Nullable(String)')
          .replace(
            /^UPDATE (\S+) SET (.*)$/s,
            'ALTER TABLE $1 UPDATE $2 SETTINGS mutations_sync = 2',
          )
          .replace(/^DELETE FROM (\S+)$/, 'TRUNCATE TABLE $1');
        session.query(own, 'CSV');
      },
      end: async () => session.cleanup(),
    };
  };
}

battery('ClickHouse by chdb', opening(), 100);
