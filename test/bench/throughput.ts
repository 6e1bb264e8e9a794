// Jobs per second: pick and record through the store against the bare claim, whole drains, creation.
import { join } from 'node:path';
import { newId } from '../../src/ids.ts';
import { openRunner, type Runner } from '../../src/runner.ts';
import { newJob } from '../support/jobs.ts';
import { openBare } from './bare.ts';
import { type Done, withCrew } from './crew.ts';
import { type Bench, digits, type Figure, median, spread } from './figures.ts';
import { benchJob } from './job.ts';
import { withFolder } from './scratch.ts';
import type { Order } from './worker.ts';

const ROUNDS = 7;
const ROUND_MS = 1000;
/** Jobs that lie ready before each round: more than a round can use up. */
const STOCK = 30_000;
const DRAINED = 200;

interface Files {
  bare: string;
  line: string;
}

const perSecond = (all: Done[]): number =>
  all.reduce((sum, { jobs, ms }) => sum + (jobs * 1000) / ms, 0);
const jobsOf = (all: Done[]): number => all.reduce((sum, { jobs }) => sum + jobs, 0);

const openBoth = async (files: Files) => {
  const bare = openBare(files.bare);
  const settings = { database_url: `sqlite:${files.line}` };
  const runner = await openRunner({ init: true, settings, jobs: [benchJob] });
  return { bare, runner };
};
type Both = Awaited<ReturnType<typeof openBoth>>;

const waitingIn = async ({ store }: Runner): Promise<number> => (await store.stats()).jobs.waiting;

const fillUp = async ({ bare, runner }: Both): Promise<void> => {
  bare.insertMany(Math.max(0, STOCK - bare.count('waiting')));
  const missing = Math.max(0, STOCK - (await waitingIn(runner)));
  const job = () => newJob({ job_id: newId(), job_type: benchJob.type, name: 'bench' });
  await runner.store.createJobs(Array.from({ length: missing }, job));
};

/** Throws when a job was lost or done twice: a figure of a wrong program says nothing. */
const checkCounts = async ({ bare, runner }: Both, claimed: number, recorded: number) => {
  const { jobs } = await runner.store.stats();
  const found = { bare: bare.count('locked'), line: jobs.success, left: jobs.locked };
  if (found.bare !== claimed || found.line !== recorded || found.left !== 0) {
    throw new Error(`counted ${claimed} and ${recorded}, the files say ${JSON.stringify(found)}`);
  }
};

const ratioFigures = (processes: number, bare: number[], line: number[], drains: number[]) => {
  const ratios = line.map((value, round) => value / (bare[round] ?? Number.NaN));
  const who = `${processes} ${processes === 1 ? 'process' : 'processes'}`;
  const inJobs = (name: string, values: number[]): Figure => ({
    name: `${name}, ${who}`,
    value: median(values),
    unit: 'jobs/s',
    note: spread(values),
  });
  const ratio: Figure = {
    name: `pick + record ÷ bare claim, ${who}`,
    value: median(ratios),
    unit: '×',
    aim: { at_least: 0.4 },
    note: `rounds ${spread(ratios)}`,
  };
  return [
    inJobs('bare claim', bare),
    inJobs('pick + record', line),
    ratio,
    inJobs('drain() with execute', drains),
  ];
};

const measureCrew = (
  processes: number,
  files: Files,
  both: Both,
  totals: { claimed: number; recorded: number },
): Promise<Figure[]> =>
  withCrew<Order, Figure[]>(processes, 'sqlite', async (all) => {
    await all({ do: 'open', ...files });
    const bare: number[] = [];
    const line: number[] = [];
    const drains: number[] = [];
    // The first round warms up and is not counted.
    for (let round = 0; round <= ROUNDS; round += 1) {
      await fillUp(both);
      const claimed = await all({ do: 'bare', ms: ROUND_MS });
      const recorded = await all({ do: 'line', ms: ROUND_MS });
      const drained = await all({ do: 'drain', jobs: DRAINED });
      totals.claimed += jobsOf(claimed);
      totals.recorded += jobsOf(recorded) + jobsOf(drained);
      await checkCounts(both, totals.claimed, totals.recorded);
      if (round === 0) continue;
      bare.push(perSecond(claimed));
      line.push(perSecond(recorded));
      drains.push(perSecond(drained));
    }
    await all({ do: 'close' });
    return ratioFigures(processes, bare, line, drains);
  });

const rate = async (jobs: number, work: () => unknown): Promise<number> => {
  const began = performance.now();
  await work();
  return (jobs * 1000) / (performance.now() - began);
};

const measureCreation = async ({ bare, runner }: Both): Promise<Figure[]> => {
  const input = { name: 'bench', job_type: benchJob.type };
  const one: number[] = [];
  const many: number[] = [];
  const bareOne: number[] = [];
  const bareMany: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    bareOne.push(
      await rate(300, () => {
        for (let job = 0; job < 300; job += 1) bare.insert();
      }),
    );
    one.push(
      await rate(300, async () => {
        for (let job = 0; job < 300; job += 1) await runner.create(input);
      }),
    );
    bareMany.push(await rate(10_000, () => bare.insertMany(10_000)));
    const batch = Array.from({ length: 10_000 }, () => input);
    many.push(await rate(10_000, () => runner.createMany(batch)));
  }
  const figure = (name: string, ours: number[], yardstick: number[]): Figure => ({
    name,
    value: median(ours),
    unit: 'jobs/s',
    note: `${spread(ours)}; bare INSERT ${digits(median(yardstick))}`,
  });
  return [
    figure('create, one by one', one, bareOne),
    figure('create, 10,000 in one call', many, bareMany),
  ];
};

/**
 * Rounds of the bare claim and of the store alternate in the same processes; a ratio is taken
 * within each round, and the median of the rounds is the figure.
 */
export const throughput: Bench = (say) =>
  withFolder(async (folder) => {
    const files = { bare: join(folder, 'bare.db'), line: join(folder, 'line.db') };
    const both = await openBoth(files);
    const figures: Figure[] = [];
    const totals = { claimed: 0, recorded: 0 };
    for (const processes of [1, 8]) {
      say(`${ROUNDS} rounds with ${processes} at once`);
      figures.push(...(await measureCrew(processes, files, both, totals)));
    }
    say('creating jobs');
    figures.push(...(await measureCreation(both)));
    both.bare.close();
    await both.runner.close();
    return figures;
  });
