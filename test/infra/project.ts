// The services of the compose file without Docker: the real programs, with the file's own settings
// and scripts, each name of a service replaced by where it listens here.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverFolder } from '../support/servers/account.ts';
import { postgrestProgram } from '../support/servers/binaries.ts';
import { prepareCluster } from '../support/servers/cluster.ts';
import { startGateway } from '../support/servers/gateway.ts';
import { type Kept, keep } from '../support/servers/kept.ts';
import { freePort } from '../support/servers/ports.ts';
import { fast, query } from '../support/servers/postgres.ts';
import { environmentOf, folder, proxy } from './compose_file.ts';

export type Keys = Record<string, string>;

/** What `node infra/docker/keys.mjs` prints, by name. */
export const newKeys = (): Keys => {
  const printed = execFileSync(process.execPath, [join(folder, 'keys.mjs')], { encoding: 'utf8' });
  const pairs = printed.trimEnd().split('\n');
  return Object.fromEntries(pairs.map((line) => /^([A-Z_]+)=(.+)$/.exec(line)!.slice(1)));
};

/** A service's environment, filled in with these keys. */
export const variablesOf = (service: string, keys: Keys): Record<string, string> =>
  environmentOf(service, keys);

/** roles.sql as psql reads it: variables of the environment, put in as quoted text. */
const rolesFor = (environment: Record<string, string>): string => {
  const script = readFileSync(join(folder, 'roles.sql'), 'utf8');
  const variables = new Map<string, string>();
  const statements = script.replace(/^\\getenv (\w+) (\w+)\n/gm, (_all, name, variable) => {
    const value = environment[variable];
    if (value === undefined) throw new Error(`the database has no ${variable}`);
    variables.set(name, value);
    return '';
  });
  return statements.replace(/:'(\w+)'/g, (_all, name) => {
    const value = variables.get(name);
    if (value === undefined) throw new Error(`roles.sql knows no ${name}`);
    return `'${value.replaceAll("'", "''")}'`;
  });
};

const startDatabase = async (keys: Keys) => {
  const environment = variablesOf('database', keys);
  const port = await freePort();
  const cluster = prepareCluster({
    port,
    // As Postgres' image calls it.
    superuser: 'postgres',
    password: environment.POSTGRES_PASSWORD!,
    auth: 'scram-sha-256',
    settings: fast,
  });
  const kept = keep(cluster.commands, cluster.folder, 'SIGQUIT');
  const url = `postgres://postgres:${environment.POSTGRES_PASSWORD}@127.0.0.1:${port}/postgres`;
  await kept.ready(() => query(url));
  await query(url, rolesFor(environment));
  return { kept, port };
};

const startRest = async (keys: Keys, database: number) => {
  const [port, admin] = [await freePort(), await freePort()];
  const env = {
    ...variablesOf('rest', keys),
    PGHOST: '127.0.0.1',
    PGPORT: String(database),
    PGRST_SERVER_HOST: '127.0.0.1',
    PGRST_SERVER_PORT: String(port),
    PGRST_ADMIN_SERVER_PORT: String(admin),
  };
  const command = { command: postgrestProgram(), args: [], env };
  const kept = keep([command], serverFolder({}), 'SIGTERM');
  await kept.ready(async () => {
    const { status } = await fetch(`http://127.0.0.1:${admin}/ready`);
    if (status !== 200) throw new Error(`PostgREST is not ready: ${status}`);
  });
  return { kept, port };
};

export interface Project {
  keys: Keys;
  /** the environment of `init`, here */
  init: Record<string, string>;
  /** Starts PostgREST and what stands before it; answers the environment of a service behind it, here. */
  open(): Promise<(service: 'worker' | 'serve') => Record<string, string>>;
  stop(): Promise<void>;
}

/** A database as it is before `init`. */
export const startProject = async (): Promise<Project> => {
  const keys = newKeys();
  const ends: (() => Promise<void>)[] = [];
  const own = ({ stop }: Pick<Kept, 'stop'>) => void ends.unshift(stop);
  const database = await startDatabase(keys);
  own(database.kept);
  const here = (url: string, host: string, port: number | string) => {
    if (!url.includes(host)) throw new Error(`${host} is not in the address`);
    return url.replace(host, `127.0.0.1:${port}`);
  };
  const init = variablesOf('init', keys);
  return {
    keys,
    init: { DATABASE_URL: here(init.DATABASE_URL!, 'database:5432', database.port) },
    open: async () => {
      const rest = await startRest(keys, database.port);
      own(rest.kept);
      const gateway = await startGateway(rest.port);
      own(gateway);
      const port = new URL(gateway.url).port;
      return (service) => {
        const own = variablesOf(service, keys);
        return { ...own, SUPABASE_URL: here(own.SUPABASE_URL!, `gateway:${proxy.port}`, port) };
      };
    },
    stop: async () => {
      for (const end of ends) await end();
    },
  };
};
