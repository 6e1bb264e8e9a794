// The sentences with which stores refuse, the same in each.
import { type JobStatus, jobStatuses } from '../core/job.ts';
import { show } from '../core/rules.ts';
import { InputError } from '../errors.ts';

/** A dependency that is the job itself, or no job at all. */
export const refusedDependency = ({
  name,
  depends_on,
  itself,
}: {
  name: string;
  depends_on: string;
  itself: boolean;
}): InputError => {
  const message = itself
    ? `"${depends_on}" is the job itself; expected others`
    : `"${depends_on}" is no job; expected the job_id of one that exists`;
  return new InputError([{ path: 'depends_on', message }], `Job "${name}" refused`);
};

/** Throws an InputError for a status that is none. */
export const checkStatus = (status: JobStatus): JobStatus => {
  if (jobStatuses.includes(status)) return status;
  const message = `${show(status)} is no status; expected one of ${jobStatuses.join(', ')}`;
  throw new InputError([{ path: 'status', message }]);
};
