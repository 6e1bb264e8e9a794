// Claims in a story of schedules: what they tell of slots is what became of the ledger, and of each once.
import { expect } from '@jest/globals';
import type { Claim } from '../../../../src/core/claim.ts';
import type { DecidedSlot } from '../../../../src/core/schedule.ts';
import type { Store } from '../../../../src/core/store.ts';
import { claimRequest, executionIds, failed, retried, succeeded } from '../../../support/jobs.ts';
import { wake } from '../../../support/schedules.ts';
import type { Action } from './actions.ts';
import { type Decision, decisions } from './decisions.ts';
import { newest, type Promised, type Scene, shortIn } from './scene.ts';
import { keyOf, rowsOf, type Snapshot, withJob } from './snapshot.ts';

type Of<Do extends Action['do']> = Extract<Action, { do: Do }>;

const request = (count: number) =>
  claimRequest({ execution_ids: executionIds(count), lock_seconds: 365 * 86_400 });

/** Claims on until nothing is left over that was due. */
const rest = async (store: Store, claims: Claim[]): Promise<DecidedSlot[]> => {
  const slots = claims.flatMap((claim) => claim.slots);
  for (let more = claims.length > 1 || claims[0]?.more_slots; more; ) {
    const claim = await wake(store);
    slots.push(...claim.slots);
    more = claim.more_slots;
  }
  return slots;
};

const expectChange = (
  key: string,
  expected: Decision | undefined,
  row: { status: string; reason: string | null; job_id: string | null } | undefined,
): void => {
  const { status, reason, job_ids } = expected ?? {};
  expect([key, row?.status, row?.reason]).toEqual([key, status, reason]);
  if (job_ids?.length === 0) expect(row?.job_id).toBeNull();
  else expect(job_ids).toContain(row?.job_id);
};

const expectTold = (scene: Scene, slots: DecidedSlot[], changed: Set<string>): void => {
  expect(new Set(slots.map(keyOf))).toEqual(changed);
  for (const slot of slots.filter(({ status }) => status === 'fired')) {
    expect([...scene.made]).not.toContain(keyOf(slot));
    scene.made.add(keyOf(slot));
  }
};

/** `from`: as it was when the claim fired; what was changed is what had to be, and was told. */
const promised = (scene: Scene, from: Snapshot, slots: DecidedSlot[]): Promised => {
  const expected = decisions(from, scene.late);
  expectTold(scene, slots, new Set(expected.keys()));
  return (after) => {
    const rows = rowsOf(after);
    const were = rowsOf(from);
    for (const [key, row] of rows) {
      if (expected.has(key)) expectChange(key, expected.get(key), row);
      else expect(row).toEqual(were.get(key));
    }
    expect(rows.size).toBe(were.size);
    for (const { status, job_ids } of expected.values()) {
      const job = status === 'replaced' ? after.jobs.get(job_ids[0] ?? '') : undefined;
      if (job && job.status !== 'cancelled') expect(job.cancel_requested_at).not.toBeNull();
    }
  };
};

export const claim = async (scene: Scene, action: Of<'claim'>): Promise<Promised> => {
  const { stores, before } = scene;
  const [first] = stores as [Store];
  const claims = await Promise.all(
    Array.from({ length: action.instances }, (_, i) =>
      (stores[i % stores.length] as Store).claimJobs(request(action.count)),
    ),
  );
  scene.picks.push(...claims.flatMap(({ picks }) => picks));
  for (const { to_plan, more_slots } of claims) {
    const short = shortIn(before);
    expect(to_plan.map(({ schedule_id }) => schedule_id).toSorted()).toEqual(short.toSorted());
    if (action.instances === 1 && decisions(before, scene.late).size < 100) {
      expect(more_slots).toBe(false);
    }
  }
  return promised(scene, before, await rest(first, claims));
};

export const record = async (
  scene: Scene,
  action: Of<'record'>,
  store: Store,
): Promise<Promised> => {
  const pick = newest(scene.picks, action.pick_index);
  if (!pick) return null;
  scene.picks.splice(scene.picks.indexOf(pick), 1);
  const job = scene.before.jobs.get(pick.job.job_id) ?? pick.job;
  const outcome =
    action.outcome === 'retry' && job.current_retries >= 3 ? 'failed' : action.outcome;
  const entry = { success: succeeded, failed, retry: retried }[outcome](pick);
  const next = action.next ? request(1) : undefined;
  const answer = await store.recordExecutions([entry], next);
  expect(answer.verdicts).toEqual(['recorded']);
  const [status] = answer.job_statuses;
  const from = withJob(scene.before, job, status ?? job.status);
  if (!answer.claim) {
    return (after) => expect(after.schedules).toEqual(from.schedules);
  }
  scene.picks.push(...answer.claim.picks);
  return promised(scene, from, await rest(store, [answer.claim]));
};
