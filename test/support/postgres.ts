// Postgres for one test file: the run's server, and databases that are gone after the last test.
import { afterAll } from '@jest/globals';
import { createDatabase, createProject, type Database, type Template } from './servers/database.ts';
import { askForPostgres } from './servers/desk.ts';
import type { Server } from './servers/postgres.ts';
import type { Exposure } from './servers/roles.ts';
import { describeUnless } from './unless.ts';

const answer = await askForPostgres();
const missing = 'missing' in answer ? `there is no Postgres here: ${answer.missing}` : undefined;

/** The run's server. */
const server = (): Server => {
  if ('server' in answer) return answer.server;
  throw new Error(missing);
};

/** `describe` for tests that need Postgres. */
export const describePostgres = (name: string, tests: () => void): void =>
  describeUnless(missing, name, tests);

const databases: Database[] = [];

afterAll(async () => {
  for (const { drop } of databases.splice(0)) await drop();
});

const kept = async (making: Promise<Database>): Promise<Database> => {
  const database = await making;
  databases.push(database);
  return database;
};

/** A new database: empty, or a clone of the template. */
export const newDatabase = (template?: Template): Promise<Database> =>
  kept(createDatabase(server(), template));

/** A new Supabase project: empty, or with the template in it. */
export const newProject = (exposure: Exposure, template?: Template): Promise<Database> =>
  kept(createProject(server(), exposure, template));
