// Supabase for one test file: projects on the run's Postgres that are gone after the last test.
import { afterAll } from '@jest/globals';
import { describePostgres, newProject } from './postgres.ts';
import { postgrestProgram } from './servers/binaries.ts';
import type { Database, Template } from './servers/database.ts';
import type { Exposure } from './servers/roles.ts';
import { type Supabase, startSupabase } from './servers/supabase.ts';
import { describeUnless } from './unless.ts';

const missing = ((): string | undefined => {
  try {
    postgrestProgram();
    return undefined;
  } catch (error) {
    return `there is no PostgREST here: ${(error as Error).message}`;
  }
})();

/** `describe` for tests that need Supabase. */
export const describeSupabase = (name: string, tests: () => void): void => {
  if (missing === undefined) describePostgres(name, tests);
  else describeUnless(missing, name, tests);
};

export interface Project extends Supabase {
  database: Database;
}

const projects: Project[] = [];

afterAll(async () => {
  for (const { stop } of projects.splice(0)) await stop();
});

/** A new project; what its template has is there before PostgREST reads the schema. */
export const startProject = async (
  template?: Template,
  exposure: Exposure = 'closed',
): Promise<Project> => {
  const database = await newProject(exposure, template);
  const project = Object.assign(await startSupabase(database.url), { database });
  projects.push(project);
  return project;
};
