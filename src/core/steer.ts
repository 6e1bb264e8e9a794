// Moves and deletions as people ask for them: refused with a sentence that says what would be allowed.
import { ConflictError, NotFoundError } from '../errors.ts';
import { type Job, type JobStatus, type Move, moves } from './job.ts';
import type { JobStore, Refusal } from './store.ts';

const because = (job: Job, verb: string, allowed: readonly JobStatus[], reason: Refusal | null) => {
  const which = `Job ${job.job_id} ("${job.name}")`;
  if (reason === 'unique_key_taken') {
    return `${which} cannot be ${verb}: another unfinished job has its unique_key "${job.unique_key}".`;
  }
  if (reason === 'needed') {
    return `${which} cannot be ${verb}: other jobs depend on it. Delete them first.`;
  }
  return `${which} is ${job.status}; only a job that is ${allowed.join(' or ')} can be ${verb}.`;
};

const verbs: Record<Move, string> = {
  cancel: 'cancelled',
  retry: 'retried',
  enable: 'enabled',
  disable: 'disabled',
};

export const moveJob = async (
  store: Pick<JobStore, 'moveJob'>,
  job_id: string,
  move: Move,
): Promise<Job> => {
  const moved = await store.moveJob(job_id, move);
  if (moved === null) throw new NotFoundError('job', job_id);
  const { job, reason } = moved;
  if (!moved.moved) throw new ConflictError(because(job, verbs[move], moves[move].from, reason));
  return job;
};

const deletable: readonly JobStatus[] = [
  'waiting',
  'blocked',
  'success',
  'failed',
  'cancelled',
  'disabled',
];

export const deleteJob = async (
  store: Pick<JobStore, 'deleteJob'>,
  job_id: string,
): Promise<Job> => {
  const moved = await store.deleteJob(job_id);
  if (moved === null) throw new NotFoundError('job', job_id);
  const { job, reason } = moved;
  if (!moved.moved) throw new ConflictError(because(job, 'deleted', deletable, reason));
  return job;
};
