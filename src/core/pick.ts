// Picking: asks the store for one job this instance has code for.
import type { Budget } from './budget.ts';
import type { DrainOptions, Trigger } from './drain.ts';
import type { Claim, ClaimRequest, DrainStore } from './store.ts';

export interface PickDeps {
  store: Pick<DrainStore, 'claimJobs' | 'previewClaim'>;
  instance_id: string;
  job_types: string[];
  newId: () => string;
}

/** The question for the next job. The execution id is new: sending the same question again is safe. */
export const claimRequest = (
  trigger: Trigger,
  options: DrainOptions,
  budget: Budget,
  { instance_id, job_types, newId }: Omit<PickDeps, 'store'>,
): ClaimRequest => {
  const { priority } = options;
  return {
    instance_id,
    job_types: options.job_types ?? job_types,
    execution_ids: [newId()],
    lock_seconds: budget.lockSeconds(),
    trigger: trigger.id === null ? trigger.source : `${trigger.source}:${trigger.id}`,
    ...(priority && { priority }),
  };
};

export const pick = (request: ClaimRequest, store: PickDeps['store']): Promise<Claim> =>
  store.claimJobs(request);
