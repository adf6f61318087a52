import { expect, test } from 'vitest';
import type { Database } from '../src/connections/connection.ts';
import { duckdbDialect } from '../src/dialects/duckdb.ts';
import { Shards } from '../src/rows/shards.ts';

/** A connection with one transaction at a time, whose end takes a while. */
function slow(): Database {
  let open = false;
  return {
    dialect: duckdbDialect,
    name: 'slow',
    snapshots: true,
    async open() {
      if (open) throw new Error('cannot start a transaction within a transaction');
      open = true;
      return {
        query: async () => [[1]],
        async end() {
          await new Promise((ended) => setTimeout(ended, 5));
          open = false;
        },
      };
    },
  };
}

test('a session is not begun before the one before it has ended, whoever asked for that', async () => {
  const database = slow();
  const [one, other] = [new Shards([database]), new Shards([database])];
  expect(await one.ask('SELECT 1')).toEqual([[[1]]]);
  one.begin();
  await one.ask('SELECT 1');
  void one.end(); // nobody waits for it
  expect(await one.ask('SELECT 1')).toEqual([[[1]]]);
  one.begin();
  await one.ask('SELECT 1');
  void one.end();
  expect(await other.ask('SELECT 1')).toEqual([[[1]]]);
});
