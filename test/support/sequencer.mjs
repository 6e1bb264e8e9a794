// The order of the test files: first those that take long, so that none of them runs on its own at the
// end, and so that those that start many processes do it while the workers are small. Jest knows by
// itself how long each takes only where it has run before.
import { createRequire } from 'node:module';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

// A package of Jest's own, found from where Jest finds it.
const jest = createRequire(import.meta.url).resolve('jest');
const core = createRequire(jest).resolve('@jest/core');
const { default: Sequencer } = createRequire(core)('@jest/test-sequencer');

/** Longest first. */
export const long = [
  'test/readme.test.ts',
  'test/crash/stages.test.ts',
  'test/crash/crowd.test.ts',
  'test/faults/supabase_exit.test.ts',
  'test/store/supabase.test.ts',
  'test/crash/server_crowd.test.ts',
  'test/handlers/package.test.ts',
  'test/store/postgres.test.ts',
  'test/cli/process.test.ts',
  'test/handlers/gcp_bundle.test.ts',
  'test/handlers/aws_bundle.test.ts',
  'test/handlers/stores.test.ts',
  'test/handlers/aws_serverless.test.ts',
  'test/handlers/gcp_source.test.ts',
  'test/faults/postgres_exit.test.ts',
  'test/faults/postgres_restart.test.ts',
  'test/infra/docker.test.ts',
  'test/cli/supabase.test.ts',
  'test/sql/migrations_broken.test.ts',
  'test/faults/supabase.test.ts',
  'test/sql/anon_access.test.ts',
  'test/faults/postgres_calls.test.ts',
  'test/cli/postgres.test.ts',
  'test/handlers/aws_source.test.ts',
  'test/handlers/budget.test.ts',
  'test/infra/compose_project.test.ts',
  'test/sql/migrations.test.ts',
  'test/faults/postgres_storm.test.ts',
  'test/crash/papers.test.ts',
  'test/cli/launcher.test.ts',
  'test/cli/serve_process.test.ts',
  'test/http/hostile_server.test.ts',
  'test/store/properties.test.ts',
  'test/store/postgres_properties.test.ts',
  'test/sql/hostile_text.test.ts',
];

// biome-ignore lint/style/noDefaultExport: Jest takes the default export and nothing else
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const index = long.indexOf(relative(root, path).split(sep).join('/'));
      return index < 0 ? long.length : index;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
}
