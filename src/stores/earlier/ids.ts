// Ids made of the ids of an earlier scheduler: always the same, and such as a job may have.
import { createHash } from 'node:crypto';
import { JOB_ID } from '../../core/job.ts';

const PLAIN = /^[A-Za-z0-9_.-]+$/;

/** `imported:` and the ids, where they fit as they are; else as far as they do, and a hash of them. */
const idOf = (length: number, ...ids: string[]): string => {
  const whole = ['imported', ...ids].join(':');
  if (ids.every((id) => PLAIN.test(id)) && whole.length <= length && JOB_ID.test(whole)) {
    return whole;
  }
  const hash = createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 20);
  return `${whole.replace(/[^A-Za-z0-9_.:-]/g, '_').slice(0, length - hash.length - 1)}:${hash}`;
};

/** Leaves room for the times that the ids of its jobs have after it. */
export const scheduleIdOf = (job_id: string): string => idOf(150, job_id);

export const pastJobIdOf = (job_id: string, execution_id: string): string =>
  idOf(200, job_id, execution_id);
