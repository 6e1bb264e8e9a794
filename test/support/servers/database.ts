// Databases of their own for tests: new and empty, or cloned from a template that is filled once.
import { randomBytes } from 'node:crypto';
import { connected, databaseUrl, query, type Server } from './postgres.ts';
import { ADMIN, type Exposure, supabasePrivileges } from './roles.ts';

export interface Database {
  name: string;
  /** as its owner, who is no superuser */
  url: string;
  /** as the superuser */
  admin_url: string;
  /** Ends whoever is still connected. */
  drop(): Promise<void>;
}

/** What a new database is filled with, once in a run, to be cloned for everyone who asks. */
export interface Template {
  /** one name, one `fill`, in all test files of a run; lower-case letters and _ */
  name: string;
  /** Is called with the owner's address; has to close its connections. */
  fill(url: string): Promise<unknown>;
}

const address = (server: Server, name: string): Database => ({
  name,
  url: databaseUrl(server, server.owner, name),
  admin_url: databaseUrl(server, ADMIN, name),
  drop: async () => {
    await query(server.admin_url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  },
});

const cloneDatabase = async (server: Server, template: string): Promise<Database> => {
  const name = `jobs_${randomBytes(6).toString('hex')}`;
  await query(
    server.admin_url,
    `CREATE DATABASE ${name} OWNER ${server.owner} TEMPLATE ${template} STRATEGY file_copy`,
  );
  return address(server, name);
};

/**
 * Fills the template, or finds it filled: by whichever process of this run came first. Others wait.
 * One whose filling failed, or was killed, is made anew.
 */
const fillTemplate = async (server: Server, { name: key, fill }: Template): Promise<string> => {
  const name = `template_${key}`;
  const { url, drop } = address(server, name);
  await connected(server.admin_url, async (ask) => {
    await ask(`SELECT pg_advisory_lock(hashtext('${name}'))`);
    const filled = `SELECT FROM pg_database WHERE datname = '${name}' AND NOT datallowconn`;
    if ((await ask(filled)).length > 0) return;
    await drop();
    await ask(`CREATE DATABASE ${name} OWNER ${server.owner} TEMPLATE template0`);
    await fill(url);
    // A database can be cloned only while nobody is connected to it.
    await ask(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  });
  return name;
};

/** New, and empty when no template is given. */
export const createDatabase = async (server: Server, template?: Template): Promise<Database> =>
  cloneDatabase(server, template ? await fillTemplate(server, template) : 'template0');

/** As a Supabase project begins; what the template has comes after that. */
export const createProject = (
  server: Server,
  exposure: Exposure,
  { name, fill }: Template = { name: 'empty', fill: async () => {} },
): Promise<Database> =>
  createDatabase(server, {
    name: `supabase_${exposure}_${name}`,
    fill: async (url) => {
      await query(url, ...supabasePrivileges(exposure));
      await fill(url);
    },
  });
