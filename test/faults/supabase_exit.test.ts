// Exit codes of the built command line on a Supabase project in trouble.
import { beforeAll } from '@jest/globals';
import { build } from '../cli/bundle.ts';
import { usePrograms } from '../crash/programs.ts';
import { migrated } from '../support/postgres_data.ts';
import { projectEnv } from '../support/runner.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { exitCodeTests, type Troubled } from './exit_codes.ts';
import { until } from './scene.ts';

const programs = usePrograms();
beforeAll(build);

describeSupabase('a project behind its gateway', () => {
  let project: Project;
  beforeAll(async () => {
    project = await startProject(migrated);
  });

  const always = Number.POSITIVE_INFINITY;
  const place = (): Troubled => ({
    url: project.database.url,
    env: projectEnv(project),
    stumble: () => {
      for (const call of [/claim_jobs/, /record_executions/]) {
        for (const fate of ['lose', 'unavailable', 'bad_gateway', 'refuse'] as const) {
          project.misbehave(fate, 1, call);
        }
      }
    },
    hang: () => project.misbehave('hang', always),
    vanish: () => project.misbehave('unavailable', always),
    recover: async () => {
      const held = project.requests.filter(({ fate }) => fate === 'hang');
      project.calm();
      await until(() => held.every(({ status }) => status !== undefined));
    },
  });
  exitCodeTests('Supabase', place, () => programs().jobs);
});
