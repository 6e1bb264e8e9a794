// Random calls of the port on a small set of jobs, from many connections at once.
import { randomUUID } from 'node:crypto';
import type { Claim } from '../../src/core/claim.ts';
import type { Pick } from '../../src/core/job.ts';
import { type Move, moves } from '../../src/core/job.ts';
import type { DecidedSlot } from '../../src/core/schedule.ts';
import type { Store } from '../../src/core/store.ts';
import { InputError, StoreUnavailableError } from '../../src/errors.ts';
import { claimRequest, executionIds, failed, newJob, retried, succeeded } from '../support/jobs.ts';
import { brokenLedgers, type Chance, scheduleCalls } from './storm_schedules.ts';

/** Numbers from 0 to below 1 that a seed repeats. */
const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

// Dependencies lead backwards in this order, which is not that of the ids: there are no circles, and
// what depends stands before what it depends on as often as after it.
const IDS = Array.from({ length: 17 }, (_, i) => `job-${String((i * 7) % 17).padStart(2, '0')}`);
/** Moves that let a job go on. */
const helpful: Move[] = ['retry', 'enable'];
const KEYS = ['red', 'green', 'blue', 'white'];

/** What all callers know: picks made, by whomever, the newest last; and what became of slots. */
export interface Known {
  picks: Pick[];
  slots: DecidedSlot[];
}

/** One caller's way to pick what it does next. */
export const createCaller = (store: Store, known: Known, seed: number) => {
  const random = randomFrom(seed);
  const below = (end: number): number => Math.floor(random() * end);
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const some = <T>(of: readonly T[], most: number): T[] => [
    ...new Set(Array.from({ length: of.length === 0 ? 0 : below(most + 1) }, () => one(of))),
  ];

  const create = () => {
    const job = (job_id: string) =>
      newJob({
        job_id,
        unique_key: random() < 0.3 ? one(KEYS) : null,
        depends_on: random() < 0.5 ? some(IDS.slice(0, IDS.indexOf(job_id)), 2) : [],
        max_retries: below(3),
        priority: below(3),
      });
    return store.createJobs(some(IDS, 5).map(job));
  };
  const chance: Chance = { random, below, one, some };
  const request = () =>
    claimRequest({ execution_ids: executionIds(1 + below(4)), lock_seconds: one([0.02, 0.2, 60]) });
  const hear = (heard: Claim | null) => {
    known.picks.push(...(heard?.picks ?? []));
    known.slots.push(...(heard?.slots ?? []));
  };
  const claim = async () => hear(await store.claimJobs(request()));
  const record = async () => {
    const mine = some(known.picks.slice(-12), 4);
    const ends = [succeeded, succeeded, succeeded, failed, retried];
    const alert = one([null, { after: 1 + below(2), slow_times: one([null, 2]) }]);
    const stretch_seconds = one([null, null, 1]);
    const records = mine.map((pick) => ({ ...one(ends)(pick), alert, stretch_seconds }));
    const recorded = await store.recordExecutions(records, one([undefined, request()]));
    hear(recorded.claim);
    for (const told of recorded.alerts) {
      if (told.kind === 'failing') await store.alertTold(told.subject, told.since);
    }
  };
  const write = async () => {
    const pick = one(known.picks.slice(-6));
    if (pick === undefined) return;
    const step = { name: one(['a', 'b']), step_order: 1, status: 'running' as const };
    const log = { level: 'info' as const, message: 'x' };
    await one([
      () => store.heartbeat(pick.fence, 60, [log]),
      () => store.saveStep(pick.fence, step),
      () => store.saveProgress(pick.fence, { percent: 1, message: null }),
    ])();
  };
  const prune = () =>
    store.prune({ older_than_days: 0, executions: random() < 0.7, jobs: random() < 0.7, limit: 5 });
  const calls: [number, () => Promise<unknown>][] = [
    [5, create],
    [6, claim],
    [8, record],
    [3, write],
    [4, () => store.moveJob(one(IDS), one(helpful))],
    [1, () => store.moveJob(one(IDS), one(Object.keys(moves) as Move[]))],
    [2, () => store.deleteJob(one(IDS))],
    [1, prune],
    [1, () => store.releaseExpired(3)],
    [1, () => store.takeTurn(randomUUID().slice(0, 1), 0.001, 1)],
    ...scheduleCalls(store, chance, KEYS),
  ];
  const all = calls.flatMap(([weight, call]) => Array.from({ length: weight }, () => call));
  return () => one(all)();
};

/** A creation that names what is not there, and two calls in each other's way, are no faults. */
export const isExpected = (error: unknown): boolean => {
  if (error instanceof InputError) return true;
  if (!(error instanceof StoreUnavailableError)) return false;
  const { code } = error.cause as { code?: string };
  return code === 'CJ003';
};

/** What must hold whatever was called: each is a query for what breaks it. */
export const brokenRules: Record<string, string> = {
  'nobody waits for successes alone': `
    SELECT job_id FROM cloud_jobs j WHERE status = 'blocked' AND NOT EXISTS (
      SELECT FROM cloud_job_dependencies d JOIN cloud_jobs n ON n.job_id = d.depends_on
      WHERE d.job_id = j.job_id AND n.status <> 'success')`,
  'nobody goes on before what it depends on': `
    SELECT j.job_id, j.status, n.job_id, n.status FROM cloud_jobs j
    JOIN cloud_job_dependencies d ON d.job_id = j.job_id
    JOIN cloud_jobs n ON n.job_id = d.depends_on
    WHERE j.status IN ('waiting', 'locked') AND n.status <> 'success'`,
  'a lock is whole or absent': `
    SELECT job_id, status FROM cloud_jobs
    WHERE (status = 'locked') <> (lock_expires_at IS NOT NULL)
      OR (locked_by IS NULL) <> (lock_expires_at IS NULL)
      OR (status IN ('success', 'failed', 'cancelled')) <> (finished_at IS NOT NULL)`,
  'what is locked has one running execution, all else has none': `
    SELECT j.job_id, j.status, count(e.execution_id) FROM cloud_jobs j
    LEFT JOIN cloud_job_executions e ON e.job_id = j.job_id AND e.status = 'running'
    GROUP BY j.job_id HAVING count(e.execution_id) <> (j.status = 'locked')::int
      OR max(e.lock_epoch) <> j.lock_epoch`,
  'nothing is left of jobs that are gone': `
    SELECT job_id FROM (
      SELECT job_id FROM cloud_job_executions UNION ALL SELECT job_id FROM cloud_job_steps
      UNION ALL SELECT job_id FROM cloud_job_events) x
    WHERE NOT EXISTS (SELECT FROM cloud_jobs j WHERE j.job_id = x.job_id)`,
  'events are numbered within what their job has counted': `
    SELECT e.job_id, e.event_id FROM cloud_job_events e JOIN cloud_jobs j ON j.job_id = e.job_id
    WHERE e.event_id > j.last_event_id`,
  ...brokenLedgers,
};
