// What people ask of a job that is there: one operation for each move.
import { type JobStatus, type Move, moves } from '../../core/job.ts';
import { ConflictError } from '../../errors.ts';
import { type AnyRoute, answer, type Call, route } from '../route.ts';

const summaries: Record<Move, string> = {
  cancel: 'Cancels a job; one that is running is asked to stop',
  retry: 'Gives a failed or cancelled job all its retries again',
  enable: 'Makes a disabled job claimable again',
  disable: 'Puts a job aside until it is enabled',
};

const claimable: JobStatus[] = ['waiting', 'blocked', 'locked', 'success'];

/** Where a job may be that was moved a moment ago: whoever makes it claimable may find it picked. */
const reached: Record<Move, JobStatus[]> = {
  cancel: ['cancelled'],
  disable: ['disabled'],
  enable: claimable,
  retry: claimable,
};

/**
 * A request that is repeated finds done what it did the first time: that is no conflict. Whether it was
 * this one that did it, nobody keeps: with a key, a move that is done already is answered as done.
 */
const moved = async ({ deps, params, idempotency }: Call<unknown>, move: Move) => {
  const { job_id = '' } = params;
  try {
    return await deps.runner.move(job_id, move);
  } catch (error) {
    if (!(error instanceof ConflictError) || idempotency === null) throw error;
    const there = await deps.runner.store.getJob(job_id);
    if (there === null || !reached[move].includes(there.job.status)) throw error;
    return there.job;
  }
};

const moveOf = (move: Move): AnyRoute =>
  route({
    method: 'POST',
    path: `/jobs/{job_id}/${move}`,
    operation: `${move}Job`,
    summary: summaries[move],
    scope: 'write',
    answers: { 200: { description: 'The job as it is now', schema: 'Job' } },
    run: async (call) => answer(await moved(call, move)),
  });

export const steerJob: AnyRoute[] = (Object.keys(moves) as Move[]).map(moveOf);
