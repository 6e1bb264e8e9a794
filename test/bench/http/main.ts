// What the HTTP API adds to the SQL behind it, and whether it stays flat: a few jobs and a hundred thousand.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openRunner } from '../../../src/runner.ts';
import { type Bench, digits, type Figure, median, quantile } from '../figures.ts';
import { benchJob } from '../job.ts';
import { withFolder } from '../scratch.ts';
import { ask, endAsking, type Question, timesOf } from './ask.ts';
import type { Ports, Side } from './server.ts';

const CHUNK = 5000;
const AT_ONCE = 4;

const fill = async (path: string, count: number): Promise<string> => {
  const runner = await openRunner({
    settings: { database_url: `sqlite:${path}` },
    jobs: [benchJob],
    init: true,
  });
  let last = '';
  for (let done = 0; done < count; done += CHUNK) {
    const made = await runner.createMany(
      Array.from({ length: Math.min(CHUNK, count - done) }, () => ({
        name: 'filled',
        job_type: benchJob.type,
        config: { some: 'config', of: ['usual', 'length'] },
      })),
    );
    last = made.at(-1)?.job_id ?? last;
  }
  await runner.close();
  return last;
};

const withServer = async <T>(paths: string[], use: (ports: Ports) => Promise<T>): Promise<T> => {
  const child = fork(process.argv[1] as string, ['--worker', 'http']);
  try {
    child.send({ paths });
    const [{ ports }] = (await once(child, 'message')) as [{ ports: Ports }];
    return await use(ports);
  } finally {
    endAsking();
    child.kill();
  }
};

const body = JSON.stringify({
  name: 'asked for',
  job_type: benchJob.type,
  config: { some: 'config', of: ['usual', 'length'] },
});

const questions = (job_id: string): Record<string, Question> => ({
  create: { method: 'POST', path: '/api/v1/jobs', body },
  get: { method: 'GET', path: `/api/v1/jobs/${job_id}` },
  list: { method: 'GET', path: '/api/v1/jobs' },
  stats: { method: 'GET', path: '/api/v1/stats' },
});

type Times = Record<Side, number[][]>;

/** Both sides and both files by turns, so that a noisy moment is noisy for all. */
const measure = async (ports: Ports, asked: Question[], rounds: number, count: number) => {
  const sides: Side[] = asked[0]?.path.endsWith('/stats') ? ['ours'] : ['ours', 'bare'];
  const times: Times = { ours: [[], []], bare: [[], []] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      for (const [file, port] of ports[side].entries()) {
        const found = await timesOf(port, () => asked[file] as Question, count, AT_ONCE);
        // The first round warms up.
        if (round > 0) times[side][file]?.push(...found);
      }
    }
  }
  return times;
};

const p = (times: number[] | undefined, share: number): number => quantile(times ?? [], share);

const figuresOf = (name: string, { ours, bare }: Times, many: number): Figure[] => {
  const [few, lot] = ours;
  const shown = (times: number[] | undefined) =>
    `p50 ${digits(p(times, 0.5))}, p99 ${digits(p(times, 0.99))} ms`;
  const beside = bare[1]?.length
    ? [
        {
          name: `${name} at ${many} jobs ÷ bare app`,
          value: median(lot ?? []) / median(bare[1]),
          unit: '×',
          note: `${shown(lot)}; bare ${shown(bare[1])}`,
        },
      ]
    : [];
  const flat = {
    name: `${name}: ${many} jobs ÷ 1000`,
    value: median(lot ?? []) / median(few ?? []),
    unit: '×',
    aim: { at_most: 1.5 },
    note: `${shown(few)} → ${shown(lot)}`,
  };
  return [...beside, flat];
};

export const http: Bench = (say, quick) =>
  withFolder(async (folder) => {
    const many = quick ? 10_000 : 100_000;
    const [rounds, count] = quick ? [2, 100] : [8, 500];
    const paths = [join(folder, 'few.db'), join(folder, 'many.db')];
    say(`filling ${many} jobs`);
    const ids = [await fill(paths[0] as string, 1000), await fill(paths[1] as string, many)];
    return withServer(paths, async (ports) => {
      const figures: Figure[] = [];
      for (const name of ['get', 'list', 'stats', 'create']) {
        say(name);
        const asked = ids.map((job_id) => questions(job_id)[name] as Question);
        await ask(ports.ours[0] as number, asked[0] as Question);
        figures.push(...figuresOf(name, await measure(ports, asked, rounds, count), many));
      }
      return figures;
    });
  });
