// The server of a bench: durable, like one in production, with a database for each contender.
import pg from 'pg';
import { createDatabase, type Database } from '../../support/servers/database.ts';
import { durable, query, type Server, startPostgres } from '../../support/servers/postgres.ts';
import type { Contender } from './contender.ts';

/** As a small hosted server has them; no checkpoint comes in the middle of a round. */
const settings = {
  ...durable,
  shared_buffers: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  max_connections: 300,
};

const show = (name: string) => `SELECT current_setting('${name}') AS value`;

export interface World {
  /** of the server: `PostgreSQL 18.4` */
  version(): Promise<string>;
  /** A new database that `install` has filled; asking again for the same key answers the same. */
  database(key: string, install: Contender['install']): Promise<string>;
  /** Removes it again, for the room it takes. */
  drop(key: string): Promise<void>;
  /** Changes a setting of the whole server, for as long as it runs. */
  set(name: string, value: string): Promise<void>;
  /** Writes everything to the files, so that no one pays for what another one left behind. */
  checkpoint(): Promise<void>;
  /** Bytes ever written to the write-ahead log. */
  walBytes(): Promise<number>;
}

/** What autovacuum would have done by the time a queue is in use for a while. */
export const tidy = async (url: string): Promise<void> => void (await query(url, 'VACUUM ANALYZE'));

const worldOf = (server: Server, admin: pg.Client): World => {
  const made = new Map<string, Database>();
  const ask = async <Row extends object>(text: string) => (await admin.query<Row>(text)).rows;
  return {
    version: async () => {
      const [row] = await ask<{ version: string }>('SELECT version()');
      return row?.version.split(' on ')[0] ?? '';
    },
    database: async (key, install) => {
      const known = made.get(key);
      if (known !== undefined) return known.url;
      const database = await createDatabase(server);
      made.set(key, database);
      await install(database.url);
      return database.url;
    },
    drop: async (key) => {
      await made.get(key)?.drop();
      made.delete(key);
    },
    set: async (name, value) => {
      await ask(`ALTER SYSTEM SET ${name} = ${value}`);
      await ask('SELECT pg_reload_conf()');
      // A session hears of it between two of its statements.
      const current = async () => (await ask<{ value: string }>(show(name)))[0]?.value;
      while ((await current()) !== value);
    },
    checkpoint: async () => void (await ask('CHECKPOINT')),
    walBytes: async () => {
      const position = "pg_current_wal_insert_lsn() - '0/0'::pg_lsn";
      const [row] = await ask<{ bytes: string }>(`SELECT (${position})::text AS bytes`);
      return Number(row?.bytes);
    },
  };
};

/** Runs `use` with a new server, which is gone afterwards. */
export const withWorld = async <T>(use: (world: World) => Promise<T>): Promise<T> => {
  const server = await startPostgres({ settings, auth: 'trust', roles: 'none' });
  const admin = new pg.Client(server.admin_url);
  try {
    await admin.connect();
    return await use(worldOf(server, admin));
  } finally {
    await admin.end();
    await server.stop();
  }
};
