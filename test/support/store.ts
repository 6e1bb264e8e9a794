// What most tests of a store say: pick one, look at a job, dump everything that is known of jobs.

import type { ClaimRequest } from '../../src/core/claim.ts';
import type { Job, JobEvent, JobStatus, Pick } from '../../src/core/job.ts';
import type { JobDetail, NewJob, Store } from '../../src/core/store.ts';
import { claimRequest, newJob } from './jobs.ts';

/** Creates one job and answers its id. */
export const createJob = async (store: Store, overrides: Partial<NewJob> = {}): Promise<string> => {
  const job = newJob(overrides);
  await store.createJobs([job]);
  return job.job_id;
};

/** Picks exactly one job, or throws. */
export const pickOne = async (
  store: Store,
  overrides: Partial<ClaimRequest> = {},
): Promise<Pick> => {
  const { picks } = await store.claimJobs(claimRequest(overrides));
  const [pick] = picks;
  if (!pick || picks.length > 1) throw new Error(`expected one pick, got ${picks.length}`);
  return pick;
};

/** The job and its rows, or throws when there is none. */
export const detailOf = async (store: Store, jobId: string): Promise<JobDetail> => {
  const detail = await store.getJob(jobId);
  if (!detail) throw new Error(`job ${jobId} is not there`);
  return detail;
};

export const jobOf = async (store: Store, jobId: string): Promise<Job> =>
  (await detailOf(store, jobId)).job;

export const statusOf = async (store: Store, jobId: string): Promise<JobStatus> =>
  (await jobOf(store, jobId)).status;

/** Every event of a job. */
export const eventsOf = (store: Store, jobId: string): Promise<JobEvent[]> =>
  store.listEvents(jobId, 0, 1000);

/** Everything the port tells of these jobs; two equal dumps mean that nothing was changed. */
export const dump = (store: Store, jobIds: string[]) =>
  Promise.all(
    jobIds.map(async (jobId) => ({
      detail: await store.getJob(jobId),
      steps: await store.listSteps(jobId),
      events: await eventsOf(store, jobId),
    })),
  );

/** A moment `seconds` from now by the store's clock. */
export const inSeconds = async (store: Store, seconds: number): Promise<Date> =>
  new Date((await store.inspect()).now.getTime() + seconds * 1000);
