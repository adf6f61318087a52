import { battery } from '../support/battery.ts';
import { PostgresServer, postgresFolder } from './postgres-server.ts';

const bin = postgresFolder();

battery(
  'a PostgreSQL server',
  bin === undefined
    ? undefined
    : async () => {
        const server = new PostgresServer(bin);
        await server.start();
        return server.engine();
      },
  100,
);
