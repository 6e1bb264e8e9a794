// Plays one story against a store and says beforehand what each action must bring.
import { expect } from '@jest/globals';
import { type JobStatus, moves, type Pick } from '../../../src/core/job.ts';
import type { Store } from '../../../src/core/store.ts';
import { claimRequest, executionIds, newJob } from '../../support/jobs.ts';
import type { StoreUnderTest } from '../contract/world.ts';
import type { Action } from './actions.ts';
import { violations } from './invariants.ts';
import {
  expectedPicks,
  expectReleased,
  expired,
  isHeld,
  jobIn,
  keyIsTaken,
  recordOf,
  statusAfterMove,
} from './promises.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

type Of<Do extends Action['do']> = Extract<Action, { do: Do }>;

interface Scene {
  data: StoreUnderTest;
  stores: Store[];
  jobIds: string[];
  picks: Pick[];
  /** as it was when the action began */
  before: Snapshot;
}

/** What an action promises about the snapshot after it; `null` = nothing changes at all. */
type Promised = ((after: Snapshot) => void) | null;

const newest = <T>(items: T[], index: number): T | undefined =>
  items.length === 0 ? undefined : items[items.length - 1 - (index % items.length)];

const create = async (scene: Scene, action: Of<'create'>): Promise<Promised> => {
  const { before, jobIds } = scene;
  const { starts_in, depends_on_index, do: _, ...fields } = action;
  const depends_on = depends_on_index.flatMap((index) => newest(jobIds, index) ?? []);
  const run_at = new Date(before.now.getTime() + starts_in * 1000);
  const job = newJob({ ...fields, depends_on, run_at });
  const taken = [...before.jobs.values()].find(
    (seen) => seen.job.unique_key === fields.unique_key && seen.job.finished_at === null,
  );
  const [answer] = await (scene.stores[0] as Store).createJobs([job]);
  if (fields.unique_key !== null && taken) {
    const { job_id, status } = taken.job;
    expect(answer).toEqual({ job_id, status, created: false });
    return null;
  }
  const open = depends_on.some((id) => jobIn(before, id).job.status !== 'success');
  expect(answer).toEqual({
    job_id: job.job_id,
    status: open ? 'blocked' : 'waiting',
    created: true,
  });
  jobIds.push(job.job_id);
  return () => {};
};

const claim = async (scene: Scene, action: Of<'claim'>, store: Store): Promise<Promised> => {
  const { instance, job_types, count, lock_seconds } = action;
  const execution_ids = executionIds(count);
  const request = claimRequest({ instance_id: instance, job_types, execution_ids, lock_seconds });
  const answer = await store.claimJobs(request);
  expect(answer.picks.map(({ job }) => job.job_id)).toEqual(expectedPicks(scene.before, request));
  scene.picks.push(...answer.picks);
  return (after) => {
    expectReleased(after, expired(scene.before), answer.released);
    for (const pick of answer.picks) expect(jobIn(after, pick.job.job_id).job).toEqual(pick.job);
  };
};

const write = async (
  scene: Scene,
  action: Of<'heartbeat'> | Of<'step'> | Of<'progress'>,
  store: Store,
): Promise<Promised> => {
  const pick = newest(scene.picks, action.pick_index);
  if (!pick) return null;
  const { fence } = pick;
  const send = () => {
    if (action.do === 'heartbeat') return store.heartbeat(fence, action.lock_seconds, []);
    if (action.do === 'progress') {
      return store.saveProgress(fence, { percent: action.percent, message: null });
    }
    const { name, status } = action;
    const step = { name, step_order: name === 'one' ? 1 : 2 };
    if (status === 'running') return store.saveStep(fence, { ...step, status });
    if (status === 'failed') return store.saveStep(fence, { ...step, status, detail: 'no' });
    return store.saveStep(fence, { ...step, status, output: fence.lock_epoch });
  };
  const hold = await send();
  expect(hold.held).toBe(isHeld(scene.before, pick));
  return hold.held ? () => {} : null;
};

const record = async (scene: Scene, action: Of<'record'>, store: Store): Promise<Promised> => {
  const pick = newest(scene.picks, action.pick_index);
  if (!pick) return null;
  const { job, executions } = jobIn(scene.before, pick.fence.job_id);
  const held = isHeld(scene.before, pick);
  const entry = recordOf(pick, job, action.outcome, action.delay_seconds);
  const ended = executions[pick.fence.lock_epoch - 1]?.status === entry.status;
  const next = action.next ? claimRequest({ job_types: ['alpha', 'beta'] }) : undefined;
  const answer = await store.recordExecutions([entry], next);
  expect(answer.verdicts).toEqual([held || ended ? 'recorded' : 'lost']);
  scene.picks.push(...(answer.claim?.picks ?? []));
  if (!held && !next) return null;
  return (after) => {
    if (answer.claim) expectReleased(after, expired(scene.before), answer.claim.released);
    if (!held) return;
    const seen = jobIn(after, job.job_id);
    const stopped = entry.job_status === 'waiting' && job.cancel_requested_at !== null;
    const status = stopped ? 'cancelled' : entry.job_status;
    expect(seen.history[jobIn(scene.before, job.job_id).history.length]).toBe(status);
    expect(seen.executions[pick.fence.lock_epoch - 1]?.status).toBe(entry.status);
    const used = job.current_retries + (entry.retry_used ? 1 : 0);
    if (!stopped) expect(seen.job.current_retries).toBe(used);
    const delay = Number(seen.job.run_at) - scene.before.now.getTime();
    if (status === 'waiting') expect(delay).toBe(entry.delay_seconds * 1000);
  };
};

const move = async (scene: Scene, action: Of<'move'>, store: Store): Promise<Promised> => {
  const picked = action.of_pick ? scene.picks.at(-1)?.job.job_id : undefined;
  const jobId = picked ?? newest(scene.jobIds, action.job_index);
  if (jobId === undefined) return null;
  const seen = jobIn(scene.before, jobId);
  const allowed: readonly JobStatus[] = moves[action.move].from;
  const refused = action.move === 'retry' && keyIsTaken(scene.before, seen.job);
  const answer = await store.moveJob(jobId, action.move);
  expect(answer?.moved).toBe(allowed.includes(seen.job.status) && !refused);
  if (!answer?.moved) return null;
  return (after) => {
    const { job } = jobIn(after, jobId);
    expect(job).toEqual(answer.job);
    expect(job.status).toBe(statusAfterMove(seen, action.move));
    if (action.move === 'retry')
      expect([job.current_retries, job.cancel_requested_at]).toEqual([0, null]);
    if (job.status === 'locked') expect(job.cancel_requested_at).not.toBeNull();
  };
};

const release = async (scene: Scene, action: Of<'release'>, store: Store): Promise<Promised> => {
  const lost = expired(scene.before);
  const released = await store.releaseExpired(action.limit);
  expect(released).toHaveLength(Math.min(action.limit, lost.length));
  const told = new Set(released.map(({ job_id }) => job_id));
  return (after) =>
    expectReleased(
      after,
      lost.filter(({ job_id }) => told.has(job_id)),
      released,
    );
};

const act = (scene: Scene, action: Action, store: Store): Promise<Promised> => {
  switch (action.do) {
    case 'create':
      return create(scene, action);
    case 'claim':
      return claim(scene, action, store);
    case 'record':
      return record(scene, action, store);
    case 'move':
      return move(scene, action, store);
    case 'release':
      return release(scene, action, store);
    case 'advance':
      return scene.data.advance(action.seconds).then(() => null);
    default:
      return write(scene, action, store);
  }
};

/** Throws at the first action that breaks a promise; the handles take turns. */
export const play = async (data: StoreUnderTest, actions: Action[]): Promise<void> => {
  const stores = [await data.open(), await data.open()];
  const [first] = stores as [Store];
  const scene: Scene = {
    data,
    stores,
    jobIds: [],
    picks: [],
    before: await takeSnapshot(first, []),
  };
  for (const [i, action] of actions.entries()) {
    const promised = await act(scene, action, stores[i % stores.length] as Store);
    const after = await takeSnapshot(first, scene.jobIds);
    expect(violations(scene.before, after)).toEqual([]);
    if (promised === null) expect(after.jobs).toEqual(scene.before.jobs);
    else promised(after);
    scene.before = after;
  }
};
