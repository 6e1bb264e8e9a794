// Jobs per second, one at a time and in batches: everyone in turn, on one connection and on sixteen.
import { type Done, withCrew } from '../crew.ts';
import { type Figure, median, spread } from '../figures.ts';
import type { Hands } from './contender.ts';
import { contenders, type Name, names } from './contenders.ts';
import type { Part } from './part.ts';
import { ratio } from './ratio.ts';
import type { Order } from './worker.ts';
import { tidy, type World } from './world.ts';

const BATCHES = 'cloud-jobs, batches of 50' satisfies Name;

interface Setting {
  processes: number;
  /** connections of each process */
  each: number;
  jobs: number;
}

/** What ours is held against, and how many times as fast it is to be. */
const aims: [Name, number][] = [
  ['graphile-worker', 1.3],
  ['pg-boss', 3],
  ['two bare statements, prepared', 0.9],
];

type Rates = Record<Name, number[]>;

const figuresOf = (rates: Rates, { processes, each }: Setting): Figure[] => {
  const on = `${processes * each} ${processes * each === 1 ? 'connection' : 'connections'}`;
  const speeds = names.map((name) => ({
    name: `${name}, ${on}`,
    value: median(rates[name]),
    unit: 'jobs/s',
    note: spread(rates[name]),
  }));
  const ratios = aims.map(([name, at_least]) =>
    ratio(`cloud-jobs ÷ ${name}, ${on}`, rates['cloud-jobs'], rates[name], { at_least }),
  );
  const batches = ratio(
    `batches of 50 ÷ one at a time, ${on}`,
    rates[BATCHES],
    rates['cloud-jobs'],
    // Sixteen at once are bound by the processors, which batches spare less.
    processes === 1 ? { at_least: 5 } : undefined,
  );
  return [...speeds, ...ratios, batches];
};

interface Lane {
  name: Name;
  url: string;
  /** creates the jobs */
  maker: Hands;
  /** of one round */
  jobs: number;
  rates: number[];
}

const openLanes = async (world: World, jobs: number): Promise<Lane[]> => {
  const lanes: Lane[] = [];
  for (const name of names) {
    const { install, open } = contenders[name];
    const url = await world.database(name, install);
    // Enough for every connection to come round several times.
    const many = name === BATCHES ? 4 * jobs : jobs;
    lanes.push({ name, url, maker: await open(url, 1), jobs: many, rates: [] });
  }
  return lanes;
};

/** Everyone gets ready, and then everyone runs one right after the other: the machine's mood changes. */
const runRound = async (
  world: World,
  lanes: Lane[],
  drain: (name: Name) => Promise<Done[]>,
): Promise<void> => {
  for (const { maker, jobs, url } of lanes) {
    await maker.create(jobs);
    await tidy(url);
  }
  await world.checkpoint();
  for (const { name, jobs, rates } of lanes) {
    const done = await drain(name);
    const count = done.reduce((sum, { jobs: some }) => sum + some, 0);
    if (count !== jobs) throw new Error(`${name} did ${count} of ${jobs} jobs`);
    rates.push((count * 1000) / Math.max(...done.map(({ ms }) => ms)));
  }
};

const measure = (world: World, setting: Setting, rounds: number): Promise<Figure[]> =>
  withCrew<Order, Figure[]>(setting.processes, 'postgres', async (all) => {
    const lanes = await openLanes(world, setting.jobs);
    for (const { name: contender, url } of lanes) {
      await all({ do: 'open', contender, url, connections: setting.each });
    }
    const drain = (contender: Name) => all({ do: 'drain', contender });
    // The first round warms up and is not counted; nobody always comes after the same one.
    for (let round = 0; round <= rounds; round += 1) {
      await runRound(world, round % 2 === 0 ? lanes : lanes.toReversed(), drain);
    }
    await all({ do: 'close' });
    for (const { maker } of lanes) await maker.close();
    return figuresOf(
      Object.fromEntries(lanes.map(({ name, rates }) => [name, rates.slice(1)])) as Rates,
      setting,
    );
  });

export const throughput: Part = async (world, { say, quick }) => {
  await world.set('autovacuum', 'off');
  const rounds = quick ? 3 : 11;
  const settings: Setting[] = [
    { processes: 1, each: 1, jobs: quick ? 300 : 500 },
    { processes: 4, each: 4, jobs: quick ? 800 : 2000 },
  ];
  const figures: Figure[] = [];
  for (const setting of settings) {
    const { processes, each, jobs } = setting;
    say(`${rounds} rounds of ${jobs} jobs, ${processes} × ${each} connections`);
    figures.push(...(await measure(world, setting, rounds)));
  }
  await world.set('autovacuum', 'on');
  return figures;
};
