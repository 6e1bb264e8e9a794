// What is known of each type: how long its code went on without finishing a step, and whether that fits;
// how long its successful executions took.
import type { Fits, TooLong } from '../../core/claim.ts';
import { QUICK_SECONDS, QUICK_TIMES } from '../../core/stretch.ts';
import type { Database } from './database.ts';

/** The 95th percentile of twenty is the longest but one: a single outlier does not count. */
const MOST_KEPT = 20;
/** One or two executions may be all hung ones; of three, half outvote one. */
export const LEAST_KNOWN = 3;
/** A type that is left out teaches nothing new: so it is tried again after a while. */
const KNOWN_FOR_MS = 6 * 60 * 60 * 1000;

const since = (now: string): string => new Date(Date.parse(now) - KNOWN_FOR_MS).toISOString();

const KNOWN_OF_JOB = `
  SELECT j.job_type, t.durations, CASE WHEN t.updated_at >= :since THEN t.stretches END AS stretches
  FROM cloud_jobs j LEFT JOIN cloud_job_types t ON t.job_type = j.job_type
  WHERE j.job_id = :job_id`;

const KNOWN = `
  SELECT t.job_type, t.stretches FROM cloud_job_types t
  WHERE t.job_type IN (SELECT value FROM json_each(:job_types)) AND t.updated_at >= :since`;

const KEEP = `
  INSERT INTO cloud_job_types (job_type, stretches, durations, updated_at)
  VALUES (:job_type, :stretches, :durations, :now)
  ON CONFLICT (job_type) DO UPDATE SET
    stretches = excluded.stretches, durations = excluded.durations,
    updated_at = excluded.updated_at`;

const withLast = (known: unknown, last: number | null): string => {
  const values = (known ?? []) as number[];
  return JSON.stringify((last === null ? values : [...values, last]).slice(-MOST_KEPT));
};

/**
 * Keeps the stretch for the job's type, and the duration unless it is null; runs inside the caller's
 * write transaction.
 */
export const learn = (
  database: Database,
  now: string,
  job_id: string,
  stretch_seconds: number,
  duration_seconds: number | null,
): void => {
  const row = database.get(KNOWN_OF_JOB, { job_id, since: since(now) });
  database.run(KEEP, {
    job_type: String(row?.job_type),
    stretches: withLast(row?.stretches, stretch_seconds),
    durations: withLast(row?.durations, duration_seconds),
    now,
  });
};

/** A quick one stands for as many as are not told of. */
export const weighed = (stretches: number[]): number[] =>
  stretches.flatMap((it) => Array<number>(it < QUICK_SECONDS ? QUICK_TIMES : 1).fill(it));

/** The smallest of `values` that is no less than a share of them all (percentile_disc of SQL). */
export const percentile = (values: number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
};

/** Which of these types need more than fits, and how much. */
export const findTooLong = (
  database: Database,
  now: string,
  job_types: string[],
  { seconds, share }: Fits,
): TooLong[] =>
  database
    .all(KNOWN, { job_types: JSON.stringify(job_types), since: since(now) })
    .map(({ job_type, stretches }) => ({
      type: String(job_type),
      known: weighed(stretches as number[]),
    }))
    .filter(({ known }) => known.length >= LEAST_KNOWN)
    .map(({ type, known }) => ({ job_type: type, usual_seconds: percentile(known, share) }))
    .filter(({ usual_seconds }) => usual_seconds > seconds);
