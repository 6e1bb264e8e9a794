// The parts of `npm run soak` on Postgres and Supabase, on a server that keeps what it commits.
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { createProject } from '../support/servers/database.ts';
import { durable, type RunningServer, startPostgres } from '../support/servers/postgres.ts';
import { startSupabase } from '../support/servers/supabase.ts';
import type { Programs } from './bundle.ts';
import { type CrowdSize, drainServer } from './server_crowd.ts';
import { fireInCrowd } from './slots_crowd.ts';

type Part = (
  name: string,
  work: () => Promise<{ figures: string; faults: string[] }>,
) => Promise<void>;

const onServer = async (use: (server: RunningServer) => Promise<void>): Promise<void> => {
  const server = await startPostgres({ settings: durable });
  try {
    await use(server);
  } finally {
    await server.stop();
  }
};

/** `times` makes the number of jobs larger or smaller. */
export const serverParts = (
  part: Part,
  programs: Programs,
  folder: string,
  times: (count: number) => number,
): Promise<void> =>
  onServer(async (server) => {
    const template = { name: 'migrated', fill: migratePostgres };
    const crowd = async (size: CrowdSize, over: 'wire' | 'http') => {
      const { url } = await createProject(server, 'closed', template);
      const project = over === 'http' ? await startSupabase(url) : null;
      const env: Record<string, string> = project
        ? { SUPABASE_URL: project.url, SUPABASE_SERVICE_ROLE_KEY: project.service_role_key }
        : { DATABASE_URL: url };
      try {
        const done = await drainServer(programs, { folder, url, env }, size);
        const rate = (size.jobs / done.seconds).toFixed(0);
        const shares = `shares ${Math.min(...done.shares)} to ${Math.max(...done.shares)}`;
        const figures = `${rate} jobs/s, ${shares}, ${done.lost} executions lost`;
        return { figures, faults: done.faults };
      } finally {
        await project?.stop();
      }
    };
    const sizes: [string, CrowdSize, 'wire' | 'http'][] = [
      ['Postgres', { processes: 16, jobs: times(20_000) }, 'wire'],
      ['Postgres', { processes: 16, jobs: times(5000), kills: 10 }, 'wire'],
      ['Supabase', { processes: 8, jobs: times(2000) }, 'http'],
    ];
    for (const [store, size, over] of sizes) {
      const { processes, jobs, kills = 0 } = size;
      const name = `${store}: ${processes} processes, ${jobs} jobs, ${kills} killed`;
      await part(name, () => crowd(size, over));
    }
    for (const kills of [0, 10]) {
      await part(`Postgres: 50 processes woken at once, ${kills} killed, slots due`, async () => {
        const { url } = await createProject(server, 'closed', template);
        const place = { folder, open: () => openPostgres(url), env: { DATABASE_URL: url } };
        const done = await fireInCrowd(programs, place, { processes: 50, schedules: 60, kills });
        const figures = `${done.fired} slots fired in ${done.seconds.toFixed(1)} s`;
        return { figures, faults: done.faults };
      });
    }
  });
