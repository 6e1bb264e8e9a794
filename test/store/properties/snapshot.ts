// Everything the port tells of the jobs of one story, at one moment.
import type { Execution, Job, JobStatus, Step } from '../../../src/core/job.ts';
import type { Store } from '../../../src/core/store.ts';
import { detailOf, eventsOf } from '../../support/store.ts';

export interface Seen {
  job: Job;
  /** by epoch */
  executions: Execution[];
  steps: Step[];
  depends_on: JobStatus[];
  /** every status the job has had, as its events tell it */
  history: JobStatus[];
  events: number;
}

export interface Snapshot {
  /** the store's time */
  now: Date;
  /** in order of creation */
  jobs: Map<string, Seen>;
}

const see = async (store: Store, jobId: string): Promise<Seen> => {
  const { job, executions, steps, depends_on } = await detailOf(store, jobId);
  const events = await eventsOf(store, jobId);
  return {
    job,
    executions: executions.toSorted((a, b) => a.lock_epoch - b.lock_epoch),
    steps,
    depends_on: depends_on.map(({ status }) => status),
    history: events
      .filter(({ kind }) => kind === 'status')
      .map(({ data }) => (data as { status: JobStatus }).status),
    events: events.length,
  };
};

/** Throws when one of the jobs has vanished. */
export const takeSnapshot = async (store: Store, jobIds: string[]): Promise<Snapshot> => {
  const { now } = await store.inspect();
  const jobs = new Map<string, Seen>();
  for (const jobId of jobIds) jobs.set(jobId, await see(store, jobId));
  return { now, jobs };
};
