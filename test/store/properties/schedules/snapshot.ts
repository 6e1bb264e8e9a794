// Everything the port tells of the schedules of one story and of their jobs, at one moment.
import type { Job, JobStatus } from '../../../../src/core/job.ts';
import type { Schedule, Slot } from '../../../../src/core/schedule.ts';
import type { Store } from '../../../../src/core/store.ts';

export interface SeenSchedule {
  schedule: Schedule;
  /** oldest first */
  slots: Slot[];
}

export interface Snapshot {
  /** the store's time */
  now: Date;
  /** in order of creation */
  schedules: Map<string, SeenSchedule>;
  jobs: Map<string, Job>;
}

const MOST = 10_000;

/** Throws when one of the schedules has vanished. */
export const takeSnapshot = async (store: Store, ids: string[]): Promise<Snapshot> => {
  const { now } = await store.inspect();
  const jobs = await store.listJobs({ limit: MOST });
  const schedules = new Map<string, SeenSchedule>();
  for (const id of ids) {
    const detail = await store.getSchedule(id, MOST);
    if (!detail) throw new Error(`schedule ${id} has vanished`);
    const { schedule, slots } = detail;
    schedules.set(id, {
      schedule,
      slots: slots.map(({ job_status: _, ...slot }) => slot).reverse(),
    });
  }
  return { now, schedules, jobs: new Map(jobs.map((job) => [job.job_id, job])) };
};

export const seenIn = ({ schedules }: Snapshot, id: string): SeenSchedule => {
  const seen = schedules.get(id);
  if (!seen) throw new Error(`schedule ${id} is not in the story`);
  return seen;
};

/** As if a job had gone to `status` before. */
export const withJob = (before: Snapshot, job: Job, status: JobStatus): Snapshot => {
  return { ...before, jobs: new Map(before.jobs).set(job.job_id, { ...job, status }) };
};

/** Names one row of the ledger. */
export const keyOf = ({ schedule_id, slot_at }: Pick<Slot, 'schedule_id' | 'slot_at'>): string =>
  `${schedule_id} ${slot_at.toISOString()}`;

export const rowsOf = ({ schedules }: Snapshot): Map<string, Slot> =>
  new Map([...schedules.values()].flatMap(({ slots }) => slots).map((slot) => [keyOf(slot), slot]));
