// Bytes that one job adds to the write-ahead log from its creation to its end.
import { digits, type Figure } from '../figures.ts';
import { contenders, type Name } from './contenders.ts';
import type { Part } from './part.ts';
import { tidy, type World } from './world.ts';

const CONNECTIONS = 8;
const who: Name[] = [
  'cloud-jobs',
  'cloud-jobs, batches of 50',
  'graphile-worker',
  'pg-boss',
  'two bare statements, prepared',
  'two statements with an execution row',
];

/** What a vacuum adds is told apart: it depends on how often it comes. */
const bytesOf = async (world: World, name: Name, jobs: number, pages: string) => {
  const { install, open } = contenders[name];
  const url = await world.database(`${name}, wal ${pages}`, install);
  const hands = await open(url, CONNECTIONS);
  await world.checkpoint();
  const before = await world.walBytes();
  for (let made = 0; made < jobs; made += 5000) await hands.create(Math.min(5000, jobs - made));
  const created = await world.walBytes();
  // Plans as they are once autovacuum has come by; its own writing is left out.
  await tidy(url);
  const tidied = await world.walBytes();
  const done = await hands.drain();
  const drained = await world.walBytes();
  if (done !== jobs) throw new Error(`${name} did ${done} of ${jobs} jobs`);
  await tidy(url);
  const vacuum = (await world.walBytes()) - drained;
  await hands.close();
  const create = created - before;
  const run = drained - tidied;
  const each = (bytes: number): string => digits(bytes / jobs);
  return {
    value: (create + run) / jobs,
    note: `creation ${each(create)}, pick to end ${each(run)}; a vacuum after it ${each(vacuum)}`,
  };
};

const measure = async (world: World, jobs: number, pages: 'on' | 'off'): Promise<Figure[]> => {
  await world.set('full_page_writes', pages);
  const label = pages === 'on' ? 'with full pages after a checkpoint' : 'without full pages';
  const figures: Figure[] = [];
  for (const name of who) {
    const { value, note } = await bytesOf(world, name, jobs, pages);
    figures.push({ name: `${name}, ${label}`, value, unit: 'B/job', note });
  }
  const of = (name: Name): number => figures[who.indexOf(name)]?.value ?? Number.NaN;
  const ratio: Figure = {
    name: `cloud-jobs ÷ pg-boss, ${label}`,
    value: of('cloud-jobs') / of('pg-boss'),
    unit: '×',
    aim: { at_most: 1 },
  };
  return [...figures, ratio];
};

/** BENCH_JOBS = jobs of each contender. */
export const wal: Part = async (world, { say, quick }) => {
  const jobs = Number(process.env.BENCH_JOBS ?? (quick ? 1000 : 10_000));
  await world.set('autovacuum', 'off');
  say(`${jobs} jobs each, without and with full_page_writes`);
  const figures = [...(await measure(world, jobs, 'off')), ...(await measure(world, jobs, 'on'))];
  await world.set('autovacuum', 'on');
  return figures;
};
