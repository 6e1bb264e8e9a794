// What must be true of every job after every action, and from one moment to the next.
import { isDeepStrictEqual } from 'node:util';
import { type JobStatus, legalChanges } from '../../../src/core/job.ts';
import type { Seen, Snapshot } from './snapshot.ts';

type Rule = (seen: Seen, before: Seen | undefined) => boolean;

const finished: readonly JobStatus[] = ['success', 'failed', 'cancelled'];

const isLegal = (history: JobStatus[]): boolean =>
  history.every((status, i) => {
    const from = history[i - 1];
    return from === undefined
      ? status === 'waiting' || status === 'blocked'
      : legalChanges[from].includes(status);
  });

const rules: Record<string, Rule> = {
  'status changes only as the table of legal changes says': ({ history }) => isLegal(history),
  'the events tell the present status': ({ job, history }) => history.at(-1) === job.status,
  'history is only added to': ({ history }, before) =>
    before === undefined ||
    isDeepStrictEqual(history.slice(0, before.history.length), before.history),
  'every pick has exactly one execution': ({ job, executions }) =>
    isDeepStrictEqual(
      executions.map(({ lock_epoch }) => lock_epoch),
      Array.from({ length: job.lock_epoch }, (_, i) => i + 1),
    ),
  'the epoch never goes back': ({ job }, before) =>
    before === undefined || job.lock_epoch >= before.job.lock_epoch,
  'only the execution of a held lock runs': ({ job, executions }) =>
    executions.every(
      ({ status, lock_epoch }) =>
        (status === 'running') === (job.status === 'locked' && lock_epoch === job.lock_epoch),
    ),
  'an execution that has ended stays as it is': ({ executions }, before) =>
    (before?.executions ?? []).every(
      (execution, i) =>
        execution.status === 'running' || isDeepStrictEqual(execution, executions[i]),
    ),
  'an execution has an end exactly when it does not run': ({ executions }) =>
    executions.every(
      ({ status, finished_at }) => (status === 'running') === (finished_at === null),
    ),
  'a lock is whole while the job is locked, and absent otherwise': ({ job }) =>
    [job.locked_at, job.locked_by, job.lock_expires_at].every(
      (field) => (field !== null) === (job.status === 'locked'),
    ),
  'a job has an end exactly when it is finished': ({ job }) =>
    (job.finished_at !== null) === finished.includes(job.status),
  'a job is blocked, not claimable, while a dependency is no success': ({ job, depends_on }) => {
    const open = depends_on.some((status) => status !== 'success');
    if (job.status === 'blocked') return open;
    return !open || (job.status !== 'waiting' && job.status !== 'locked');
  },
  'retries used never pass their maximum': ({ job }) =>
    job.current_retries >= 0 && job.current_retries <= job.max_retries,
  'a step that is a success stays as it is': ({ steps }, before) =>
    (before?.steps ?? []).every(
      (step) => step.status !== 'success' || steps.some((other) => isDeepStrictEqual(step, other)),
    ),
};

const keysTwice = ({ jobs }: Snapshot): string[] => {
  const taken = [...jobs.values()]
    .filter(({ job }) => job.unique_key !== null && !finished.includes(job.status))
    .map(({ job }) => job.unique_key);
  return taken.length === new Set(taken).size ? [] : ['a unique key has two unfinished jobs'];
};

/** Every rule that is broken, with the job that breaks it. */
export const violations = (before: Snapshot, after: Snapshot): string[] => {
  const found = keysTwice(after);
  for (const jobId of before.jobs.keys()) {
    if (!after.jobs.has(jobId)) found.push(`${jobId} has vanished`);
  }
  for (const [jobId, seen] of after.jobs) {
    for (const [sentence, holds] of Object.entries(rules)) {
      if (holds(seen, before.jobs.get(jobId))) continue;
      found.push(`${sentence}: ${jobId} ${JSON.stringify(seen)}`);
    }
  }
  return found;
};
