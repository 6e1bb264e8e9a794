// Runners for one test: put together from an environment as a process's own, and closed after it.
import { afterEach } from '@jest/globals';
import * as z from 'zod';
import type { RunnerOptions } from '../../src/app.ts';
import { type AnyDefinition, defineJob, type JobContext } from '../../src/core/definition.ts';
import { openRunner, type Runner } from '../../src/runner.ts';
import { loadSettings } from '../../src/settings.ts';
import type { Supabase } from './servers/supabase.ts';
import { tempFolder } from './temp.ts';

const open: Runner[] = [];

afterEach(async () => {
  for (const runner of open.splice(0)) await runner.close();
});

/** What a process is told of a Supabase project. */
export const projectEnv = ({ url, service_role_key }: Supabase): Record<string, string> => ({
  SUPABASE_URL: url,
  SUPABASE_SERVICE_ROLE_KEY: service_role_key,
});

/** What it is told of a database. */
export const databaseEnv = (url: string): Record<string, string> => ({ DATABASE_URL: url });

/** A runner of a process with this environment and nothing else. */
export const runnerWith = async (
  env: Record<string, string>,
  options: RunnerOptions = {},
): Promise<Runner> => {
  const settings = await loadSettings({ env, cwd: tempFolder() });
  const runner = await openRunner({ settings, ...options });
  open.push(runner);
  return runner;
};

/** A job type `demo` that takes any config. */
export const demo = (run: (ctx: JobContext<Record<string, unknown>>) => unknown): AnyDefinition =>
  defineJob({ type: 'demo', config: z.record(z.string(), z.unknown()), run });
