// What 200,000 finished jobs leave behind with autovacuum as it comes: dead rows, and sizes on disk.
import { connected } from '../../support/servers/postgres.ts';
import { digits, type Figure } from '../figures.ts';
import { ours } from './ours.ts';
import type { Part } from './part.ts';

const CONNECTIONS = 8;
/** Created at a time: the queue stays about as short as it does in use. */
const PORTION = 2000;

interface TableRow {
  name: string;
  bytes: number;
  live: number;
  dead: number;
  hot: number;
  vacuums: number;
}

const TABLES = `
  SELECT relname AS name, pg_relation_size(relid)::float AS bytes, n_live_tup::float AS live,
    n_dead_tup::float AS dead, n_tup_hot_upd / greatest(n_tup_upd, 1)::float AS hot,
    autovacuum_count::float AS vacuums
  FROM pg_stat_user_tables WHERE n_tup_ins > 1000 ORDER BY relname`;

const INDEXES = `
  SELECT indexrelname AS name, pg_relation_size(indexrelid)::float AS bytes
  FROM pg_stat_user_indexes JOIN pg_stat_user_tables USING (relid)
  WHERE n_tup_ins > 1000 ORDER BY indexrelname`;

const inMB = (name: string, bytes: number, note?: string): Figure => ({
  name,
  value: bytes / 1024 ** 2,
  unit: 'MB',
  ...(note !== undefined && { note }),
});

const sizes = (url: string, jobs: number): Promise<Figure[]> =>
  connected(url, async (ask) => {
    await ask('SELECT pg_stat_force_next_flush()');
    const tables = await ask<TableRow>(TABLES);
    const indexes = await ask<{ name: string; bytes: number }>(INDEXES);
    const whole = [...tables, ...indexes].reduce((sum, { bytes }) => sum + bytes, 0);
    return [
      ...tables.map(({ name, dead, live, vacuums }) => ({
        name: `${name}, dead rows`,
        value: dead,
        unit: 'rows',
        note: `${digits(live)} live, autovacuum came ${vacuums}×`,
      })),
      ...tables.map(({ name, bytes, hot }) =>
        inMB(name, bytes, `${digits(hot * 100)} % of updates touched no index`),
      ),
      ...indexes.map(({ name, bytes }) => inMB(name, bytes, `${digits(bytes / jobs)} B/job`)),
      { name: 'all of it for one job', value: whole / jobs, unit: 'B' },
    ];
  });

/** BENCH_JOBS = jobs in all. */
export const growth: Part = async (world, { say, quick }) => {
  const jobs = Number(process.env.BENCH_JOBS ?? (quick ? 5000 : 200_000));
  const { install, open } = ours(1);
  const url = await world.database('growth', install);
  const hands = await open(url, CONNECTIONS);
  await world.set('autovacuum', 'on');
  const began = performance.now();
  let done = 0;
  while (done < jobs) {
    await hands.create(Math.min(PORTION, jobs - done));
    done += await hands.drain();
    if (done % (PORTION * 10) === 0) say(`${done} of ${jobs} jobs`);
  }
  const seconds = (performance.now() - began) / 1000;
  await hands.close();
  const speed: Figure = { name: 'jobs created and done', value: jobs / seconds, unit: 'jobs/s' };
  return [speed, ...(await sizes(url, jobs))];
};
