// A real PostgREST for one database, set up as hosted Supabase does, on 127.0.0.1 and a free port.
import { readFileSync } from 'node:fs';
import { serverFolder } from './account.ts';
import { postgrestProgram } from './binaries.ts';
import { keep } from './kept.ts';
import { JWT_SECRET } from './keys.ts';
import { freePort } from './ports.ts';
import { query } from './postgres.ts';

export interface Postgrest {
  port: number;
  log_file: string;
  /** Tells it that the schema has changed, and waits until it has read it anew. */
  reload_schema(): Promise<void>;
  stop(): Promise<void>;
}

/** `url` is the database's, as whoever: PostgREST itself connects as `authenticator`. */
export const startPostgrest = async (url: string, pool = 10): Promise<Postgrest> => {
  const program = postgrestProgram();
  const folder = serverFolder({});
  const [port, admin_port] = [await freePort(), await freePort()];
  const login = new URL(url);
  login.username = 'authenticator';
  const settings = {
    DB_URI: login.href,
    DB_SCHEMAS: 'public',
    DB_ANON_ROLE: 'anon',
    DB_POOL: pool,
    // Supabase's own limit: a function that answers more rows than that is cut short.
    DB_MAX_ROWS: 1000,
    JWT_SECRET,
    SERVER_HOST: '127.0.0.1',
    SERVER_PORT: port,
    ADMIN_SERVER_PORT: admin_port,
    LOG_LEVEL: 'info',
  };
  const env = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`PGRST_${name}`, String(value)]),
  );
  const kept = keep([{ command: program, args: [], env }], folder, 'SIGTERM');
  const said = (what: string) => readFileSync(kept.log_file, 'utf8').split(what).length - 1;
  try {
    await kept.ready(async () => {
      const { status } = await fetch(`http://127.0.0.1:${admin_port}/ready`);
      // A notification sent before it listens would be lost.
      if (status === 200 && said('Listening for notifications') > 0) return;
      throw new Error(`PostgREST is not ready: ${status}`);
    });
  } catch (error) {
    await kept.stop();
    throw error;
  }
  return {
    port,
    log_file: kept.log_file,
    reload_schema: async () => {
      const before = said('Schema cache loaded');
      await query(url, "NOTIFY pgrst, 'reload schema'");
      await kept.ready(async () => {
        if (said('Schema cache loaded') === before) throw new Error('PostgREST reads no schema');
      });
    },
    stop: kept.stop,
  };
};
