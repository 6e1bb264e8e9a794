// pg-boss as a contender: fetch one, complete it, again and again on each of its connections.
import { type Contender, onEach, payload } from './contender.ts';
import { loadPeer } from './peers.ts';

const QUEUE = 'bench';

/** What is used of it. */
interface Boss {
  on(event: 'error', hear: (error: Error) => void): void;
  start(): Promise<unknown>;
  stop(options: { graceful: boolean; close: boolean }): Promise<void>;
  createQueue(name: string): Promise<void>;
  insert(name: string, jobs: object[]): Promise<unknown>;
  fetch(name: string): Promise<{ id: string }[]>;
  complete(name: string, id: string): Promise<{ affected: number }>;
}
interface Module {
  PgBoss: new (options: object) => Boss;
}

const faults: Error[] = [];

// Without what it does besides: its timers would be measured along with the jobs.
const start = async (url: string, options: object): Promise<Boss> => {
  const { PgBoss } = await loadPeer<Module>('pg-boss');
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, ...options });
  boss.on('error', (error) => faults.push(error));
  await boss.start();
  return boss;
};

const stop = async (boss: Boss): Promise<void> => {
  await boss.stop({ graceful: false, close: true });
  if (faults[0]) throw faults[0];
};

export const pgBoss: Contender = {
  install: async (url) => {
    const boss = await start(url, {});
    await boss.createQueue(QUEUE);
    await stop(boss);
  },
  open: async (url, connections) => {
    const boss = await start(url, { max: connections, migrate: false });
    const untilEmpty = async (): Promise<number> => {
      for (let jobs = 0; ; jobs += 1) {
        const [job] = await boss.fetch(QUEUE);
        if (job === undefined) return jobs;
        const { affected } = await boss.complete(QUEUE, job.id);
        if (affected !== 1) throw new Error(`job ${job.id} was lost`);
      }
    };
    return {
      create: async (jobs) => {
        await boss.insert(
          QUEUE,
          Array.from({ length: jobs }, () => ({ data: payload })),
        );
      },
      drain: () => onEach(Array.from({ length: connections }), untilEmpty),
      close: () => stop(boss),
    };
  },
};
