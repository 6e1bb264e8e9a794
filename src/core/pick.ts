// Picking: asks the store for one job this instance has code for.
import type { Budget } from './budget.ts';
import type { Claim, ClaimRequest } from './claim.ts';
import { chooseTypes, type Registry } from './definition.ts';
import type { DrainStore } from './store.ts';
import { keptText } from './text.ts';
import type { DrainOptions, Trigger } from './trigger.ts';

export interface PickDeps {
  store: Pick<DrainStore, 'claimJobs' | 'previewClaim'>;
  instance_id: string;
  registry: Registry;
  newId: () => string;
  /** in [0, 1) */
  random: () => number;
}

/** Asks for the next `count` jobs. The execution ids are new: sending the same question again is safe. */
export const claimRequest = (
  trigger: Trigger,
  options: DrainOptions,
  budget: Budget,
  { instance_id, registry, newId, random }: Omit<PickDeps, 'store'>,
  count = 1,
): ClaimRequest => {
  const { priority } = options;
  const fits = budget.fits(random());
  return {
    instance_id: keptText(instance_id),
    job_types: chooseTypes(options.job_types, registry),
    execution_ids: Array.from({ length: count }, () => newId()),
    lock_seconds: budget.lockSeconds(),
    trigger: keptText(trigger.id === null ? trigger.source : `${trigger.source}:${trigger.id}`),
    ...(priority && { priority }),
    ...(fits && { fits }),
  };
};

export const pick = (request: ClaimRequest, store: PickDeps['store']): Promise<Claim> =>
  store.claimJobs(request);
