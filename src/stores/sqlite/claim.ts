// Claiming: release what expired, fire due slots, then take the first due job of the known types, again and again.

import type { Claim, ClaimRequest, Released, TooLong } from '../../core/claim.ts';
import { type Pick, priorityBounds } from '../../core/job.ts';
import { toPick } from '../rows.ts';
import type { Database, Params } from './database.ts';
import { appendStatus } from './events.ts';
import { releaseExpired } from './release.ts';
import { findShort, fireDueSlots } from './schedules/due.ts';
import { findTooLong } from './stretches.ts';

/** Expired locks that one claim releases at most: enough to catch up, too few to be felt. */
const SWEEP_LIMIT = 20;

// Walks the claim index by jumps: for each known type the distinct priorities present, highest
// first, each found by one probe. So neither other types nor any number of jobs that are not due
// yet are read; the cost is types × priorities in use, whatever the number of rows.
const LEVELS = `
  WITH RECURSIVE level (job_type, priority) AS (
    SELECT known.value, (
      SELECT j.priority FROM cloud_jobs j INDEXED BY cloud_jobs_claim
      WHERE j.status = 'waiting' AND j.job_type = known.value AND j.priority <= :max
      ORDER BY j.priority DESC LIMIT 1)
    FROM json_each(:job_types) known
    UNION ALL
    SELECT level.job_type, (
      SELECT j.priority FROM cloud_jobs j INDEXED BY cloud_jobs_claim
      WHERE j.status = 'waiting' AND j.job_type = level.job_type AND j.priority < level.priority
      ORDER BY j.priority DESC LIMIT 1)
    FROM level WHERE level.priority >= :min
  )`;

const HEAD_OF_LEVEL = `
  SELECT j.seq FROM cloud_jobs j INDEXED BY cloud_jobs_claim
  WHERE j.status = 'waiting' AND j.job_type = level.job_type AND j.priority = level.priority`;

// The whole row is read last, by its seq: so the sorting before carries no wide rows.
const FIND_FIRST = `SELECT * FROM cloud_jobs WHERE seq = (${LEVELS}
  SELECT first.seq FROM (
    SELECT (${HEAD_OF_LEVEL} AND j.run_at <= :now ORDER BY j.run_at, j.seq LIMIT 1) AS head
    FROM level WHERE level.priority >= :min) heads
  JOIN cloud_jobs first ON first.seq = heads.head
  ORDER BY first.priority DESC, first.run_at, first.seq LIMIT 1)`;

// Not one UPDATE … RETURNING: that copies the whole row through a table of its own, which costs
// more than all the rest of a claim. Nobody can come between, the transaction writes.
const TAKE = `
  UPDATE cloud_jobs
  SET status = 'locked', lock_epoch = :lock_epoch, locked_by = :instance_id, locked_at = :now,
      lock_expires_at = :lock_expires_at, last_execution = :now, updated_at = :now
  WHERE seq = :seq`;

const NEXT_DUE = `${LEVELS}
  SELECT min(first.run_at) AS run_at, (
    SELECT min(slot_at) FROM cloud_job_slots INDEXED BY cloud_job_slots_due
    WHERE status = 'planned') AS slot_at
  FROM (
    SELECT (${HEAD_OF_LEVEL} ORDER BY j.run_at, j.seq LIMIT 1) AS head
    FROM level WHERE level.priority >= :min) heads
  JOIN cloud_jobs first ON first.seq = heads.head`;

const DUE_TYPES = `${LEVELS}
  SELECT DISTINCT level.job_type FROM level
  WHERE level.priority >= :min AND EXISTS (${HEAD_OF_LEVEL} AND j.run_at <= :now)
  ORDER BY level.job_type`;

const OPEN_EXECUTION = `
  INSERT INTO cloud_job_executions
    (execution_id, job_id, lock_epoch, status, started_at, instance_id, "trigger")
  VALUES (:execution_id, :job_id, :lock_epoch, 'running', :now, :instance_id, :trigger)`;

const SENT_BEFORE = `
  SELECT j.*, e.execution_id, e.status AS execution_status, e.lock_epoch AS execution_epoch
  FROM json_each(:execution_ids) asked
  JOIN cloud_job_executions e ON e.execution_id = asked.value
  JOIN cloud_jobs j ON j.job_id = e.job_id`;

// One probe that almost always answers no to all, before any is looked into.
const UNUSUAL = `
  SELECT
    EXISTS (SELECT 1 FROM cloud_jobs INDEXED BY cloud_jobs_locks
      WHERE status = 'locked' AND lock_expires_at <= :now) AS expired,
    EXISTS (SELECT 1 FROM cloud_job_executions
      WHERE execution_id IN (SELECT value FROM json_each(:execution_ids))) AS sent_before,
    EXISTS (SELECT 1 FROM cloud_job_slots INDEXED BY cloud_job_slots_due
      WHERE status = 'planned' AND slot_at <= :now) AS due,
    EXISTS (SELECT 1 FROM cloud_job_schedules INDEXED BY cloud_job_schedules_short
      WHERE plan_at IS NOT NULL AND plan_at <= :now) AS short`;

const takeFirst = (
  database: Database,
  now: string,
  request: ClaimRequest,
  params: Params,
  execution_id: string,
): Pick | undefined => {
  const found = database.get(FIND_FIRST, params);
  if (found === undefined) return undefined;
  const { instance_id, lock_seconds, trigger } = request;
  const lock = {
    lock_epoch: Number(found.lock_epoch) + 1,
    lock_expires_at: new Date(Date.parse(now) + lock_seconds * 1000).toISOString(),
  };
  database.run(TAKE, { ...lock, instance_id, now, seq: Number(found.seq) });
  const set = { status: 'locked', locked_by: instance_id, locked_at: now, ...lock };
  const pick = toPick({ ...found, ...set, last_execution: now, updated_at: now }, execution_id);
  const { job_id, lock_epoch } = pick.fence;
  database.run(OPEN_EXECUTION, { execution_id, job_id, lock_epoch, now, instance_id, trigger });
  appendStatus(database, now, pick.fence, 'locked', { lock_epoch, instance_id });
  return pick;
};

const secondsUntilDue = (database: Database, now: string, params: Params): number | null => {
  const { run_at, slot_at } = database.get(NEXT_DUE, params) ?? {};
  const [next] = [run_at, slot_at].filter((at) => typeof at === 'string').sort();
  if (next === undefined) return null;
  return Math.max(0, (Date.parse(next) - Date.parse(now)) / 1000);
};

/** Those of the left-out types that have a due job, by name. */
const dueOf = (database: Database, left_out: TooLong[], params: Params): TooLong[] => {
  const job_types = JSON.stringify(left_out.map(({ job_type }) => job_type));
  const due = database.all(DUE_TYPES, { ...params, job_types });
  return due.flatMap((row) => left_out.filter(({ job_type }) => job_type === row.job_type));
};

/** The answer to an earlier sending was lost: what it picked is answered again, as far as it runs. */
const pickedBefore = (database: Database, execution_ids: string): Pick[] =>
  database
    .all(SENT_BEFORE, { execution_ids })
    .filter((row) => row.execution_status === 'running' && row.execution_epoch === row.lock_epoch)
    .map((row) => toPick(row, String(row.execution_id)));

const emptyClaim = (released: Released[]): Claim => ({
  picks: [],
  released,
  next_due_seconds: null,
  too_long: [],
  slots: [],
  more_slots: false,
  to_plan: [],
});

/** The whole claim; runs inside the caller's write transaction. */
export const claim = (database: Database, now: string, request: ClaimRequest): Claim => {
  const { priority } = request;
  const execution_ids = JSON.stringify(request.execution_ids);
  const unusual = database.get(UNUSUAL, { now, execution_ids });
  const released = unusual?.expired === 1 ? releaseExpired(database, now, SWEEP_LIMIT) : [];
  if (unusual?.sent_before === 1) {
    return { ...emptyClaim(released), picks: pickedBefore(database, execution_ids) };
  }
  const found = emptyClaim(released);
  if (unusual?.due === 1) Object.assign(found, fireDueSlots(database, now));
  if (unusual?.short === 1) found.to_plan = findShort(database, now);
  const { job_types, fits } = request;
  const left_out = fits === undefined ? [] : findTooLong(database, now, job_types, fits);
  const left = new Set(left_out.map(({ job_type }) => job_type));
  const params: Params = {
    now,
    job_types: JSON.stringify(job_types.filter((job_type) => !left.has(job_type))),
    min: priority?.min ?? priorityBounds.min,
    max: priority?.max ?? priorityBounds.max,
  };
  const picks: Pick[] = [];
  for (const execution_id of request.execution_ids) {
    const pick = takeFirst(database, now, request, params, execution_id);
    if (pick === undefined) break;
    picks.push(pick);
  }
  if (picks.length > 0) return { ...found, picks };
  const next_due_seconds = secondsUntilDue(database, now, params);
  const too_long = left_out.length === 0 ? [] : dueOf(database, left_out, params);
  return { ...found, next_due_seconds, too_long };
};
