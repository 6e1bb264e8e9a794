// The sentences with which stores refuse, the same in each.
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
