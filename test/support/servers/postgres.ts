// A real Postgres on 127.0.0.1 and a free port, made from nothing and gone with the process.
import pg from 'pg';
import { prepareCluster } from './cluster.ts';
import { keep } from './kept.ts';
import { freePort } from './ports.ts';
import { ADMIN, OWNER, supabaseRoles } from './roles.ts';

/** Needs escaping in a URL, and is easy to find where it must not appear. */
const PASSWORD = 'pa/ss:w@rd%7f3';

/** What every process of a test run may know of a server. */
export interface Server {
  port: number;
  /** database `postgres` as the superuser */
  admin_url: string;
  /** whom databases belong to */
  owner: string;
  log_file: string;
}

export interface RunningServer extends Server {
  /** Ends as `pg_ctl stop` does, or as in a power cut, and starts again on the same port. */
  restart(how: 'fast' | 'immediate'): Promise<void>;
  /** Ends the server and leaves it down until `up`. */
  down(how: 'fast' | 'immediate'): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  settings: Record<string, string | number>;
  /** `trust` asks for no password, which saves two round trips of every connection */
  auth?: 'scram-sha-256' | 'trust';
  /** the roles of Supabase, or the superuser alone */
  roles?: 'supabase' | 'none';
}

/**
 * For tests: the wall clock is nobody's, and `immediate` loses what was committed last. A test that
 * crashes the server takes `durable`.
 */
export const fast = {
  max_connections: 200,
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  timezone: 'Asia/Kathmandu',
};

/** What a production server does. */
export const durable = {
  max_connections: 200,
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
};

/** The address of a database for a role; all roles that may log in have the same password. */
export const databaseUrl = ({ port }: { port: number }, role: string, database: string): string =>
  `postgres://${role}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;

type Ask = <Row extends object>(statement: string) => Promise<Row[]>;

/** Opens a connection for as long as `use` takes. */
export const connected = async <Result>(
  url: string,
  use: (ask: Ask) => Promise<Result>,
): Promise<Result> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(
      async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows,
    );
  } finally {
    await client.end();
  }
};

/** Sends the statements one by one over a connection of their own; answers the last one's rows. */
export const query = <Row extends object>(url: string, ...statements: string[]): Promise<Row[]> =>
  connected(url, async (ask) => {
    let rows: Row[] = [];
    for (const statement of statements) rows = await ask(statement);
    return rows;
  });

/** Throws where npm has no Postgres for this machine, or where it does not run. */
export const startPostgres = async ({
  settings,
  auth = 'scram-sha-256',
  roles = 'supabase',
}: ServerOptions): Promise<RunningServer> => {
  const port = await freePort();
  const cluster = { port, superuser: ADMIN, password: PASSWORD, auth, settings };
  const { folder, commands } = prepareCluster(cluster);
  const kept = keep(commands, folder, 'SIGQUIT');
  const admin_url = databaseUrl({ port }, ADMIN, 'postgres');
  const ready = () => kept.ready(() => query(admin_url));
  const down = (how: 'fast' | 'immediate') => kept.end(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
  const up = async () => {
    kept.again();
    await ready();
  };
  try {
    await ready();
    if (roles === 'supabase') await query(admin_url, ...supabaseRoles(PASSWORD));
  } catch (error) {
    await kept.stop();
    throw error;
  }
  return {
    port,
    admin_url,
    owner: roles === 'supabase' ? OWNER : ADMIN,
    log_file: kept.log_file,
    restart: async (how) => {
      await down(how);
      await up();
    },
    down,
    up,
    stop: kept.stop,
  };
};
