// Executions of known length, and claims that mind what fits.
import { expect } from '@jest/globals';
import type { ClaimRequest, Fits } from '../../../src/core/claim.ts';
import type { Store } from '../../../src/core/store.ts';
import { claimRequest, executionIds, newJob, succeeded } from '../../support/jobs.ts';

/** Executes one job of `job_type` for each of `stretches`, recorded all at once. */
export const learn = async (store: Store, stretches: (number | null)[], job_type = 'demo') => {
  await store.createJobs(stretches.map(() => newJob({ job_type })));
  const { picks } = await store.claimJobs(
    claimRequest({ job_types: [job_type], execution_ids: executionIds(stretches.length) }),
  );
  const records = picks.map((pick, i) =>
    succeeded(pick, { stretch_seconds: stretches[i] ?? null }),
  );
  const { verdicts } = await store.recordExecutions(records);
  expect(verdicts).toEqual(stretches.map(() => 'recorded'));
};

export const within = (
  seconds: number,
  share = 0.95,
  more: Partial<ClaimRequest> = {},
): ClaimRequest => {
  const fits: Fits = { seconds, share };
  return claimRequest({ fits, ...more });
};

/** Whether a job of type `demo`, which is due, would be picked. */
export const isPicked = async (store: Store, seconds: number, share?: number): Promise<boolean> =>
  (await store.previewClaim(within(seconds, share))).picks.length === 1;
