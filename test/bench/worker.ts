// One process of a bench: opens both files, then does what it is told for as long as it is told.

import { newId } from '../../src/ids.ts';
import { openRunner } from '../../src/runner.ts';
import { succeeded } from '../support/jobs.ts';
import { openBare } from './bare.ts';
import { type Done, obey, timed } from './crew.ts';
import { benchJob } from './job.ts';

export type Order =
  | { do: 'open'; bare: string; line: string }
  | { do: 'bare' | 'line'; ms: number }
  | { do: 'drain'; jobs: number }
  | { do: 'close' };

const open = async ({ bare: barePath, line: linePath }: { bare: string; line: string }) => {
  const bare = openBare(barePath);
  const runner = await openRunner({
    settings: { database_url: `sqlite:${linePath}` },
    jobs: [benchJob],
  });
  const { store, job_types, settings } = runner;
  const { instance_id } = settings;

  const claimUntil = (end: number): number => {
    let jobs = 0;
    while (performance.now() < end && bare.claim(instance_id)) jobs += 1;
    return jobs;
  };

  const request = () => ({
    instance_id,
    job_types,
    execution_ids: [newId()],
    lock_seconds: 120,
    trigger: 'bench',
  });

  // As a drain does it: the first pick alone, then each record together with the next pick.
  const lineUntil = async (end: number): Promise<number> => {
    let jobs = 0;
    let [pick] = (await store.claimJobs(request())).picks;
    while (pick !== undefined) {
      const next = performance.now() < end ? request() : undefined;
      const { verdicts, claim } = await store.recordExecutions([succeeded(pick)], next);
      if (verdicts[0] !== 'recorded') throw new Error(`job ${pick.job.job_id} was lost`);
      jobs += 1;
      pick = claim?.picks[0];
    }
    return jobs;
  };

  return {
    bare: (ms: number) => timed(() => claimUntil(performance.now() + ms)),
    line: (ms: number) => timed(() => lineUntil(performance.now() + ms)),
    drain: (max_jobs: number) =>
      timed(async () => (await runner.drain({ source: 'bench' }, { max_jobs })).picked),
    close: async () => {
      bare.close();
      await runner.close();
    },
  };
};

/** Carries out orders of the parent process until it is told to close. */
export const work = (): void => {
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  obey(async (order: Order): Promise<Done | null> => {
    if (order.do === 'open') {
      opened = await open(order);
      return null;
    }
    if (opened === undefined) throw new Error('nothing is open yet');
    if (order.do === 'drain') return opened.drain(order.jobs);
    if (order.do !== 'close') return opened[order.do](order.ms);
    await opened.close();
    return null;
  });
};
