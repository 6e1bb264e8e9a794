// What a record gives reason to tell people of: failures one after the other, their end, slow executions.
import { type AlertPolicy, type NotedAlert, subjectOf } from '../../core/alert.ts';
import type { ExecutionRecord } from '../../core/store.ts';
import type { Database, Row } from './database.ts';
import { LEAST_KNOWN, percentile, weighed } from './stretches.ts';

/** Whoever set out to tell and did not come back within this is taken for dead. */
const CLAIMED_FOR_MS = 60_000;

const OF_JOB = `
  SELECT j.schedule_id, j.job_type, t.durations
  FROM cloud_jobs j LEFT JOIN cloud_job_types t ON t.job_type = j.job_type
  WHERE j.job_id = :job_id`;

const ADD_FAILURE = `
  INSERT INTO cloud_job_streaks (subject, failures, since) VALUES (:subject, 1, :now)
  ON CONFLICT (subject) DO UPDATE SET failures = failures + 1
  RETURNING failures, since, claimed_at, told_at`;

const CLAIM = 'UPDATE cloud_job_streaks SET claimed_at = :now WHERE subject = :subject';

const END = `
  DELETE FROM cloud_job_streaks WHERE subject = :subject
  RETURNING failures, since, claimed_at, told_at`;

const alertOf = (kind: 'failing' | 'recovered', subject: string, row: Row): NotedAlert => ({
  kind,
  subject,
  failures: Number(row.failures),
  since: new Date(String(row.since)),
});

const addFailure = (
  database: Database,
  now: string,
  subject: string,
  { after }: AlertPolicy,
): NotedAlert[] => {
  const streak = database.get(ADD_FAILURE, { subject, now }) ?? {};
  const { claimed_at, told_at, failures } = streak;
  const abandoned = new Date(Date.parse(now) - CLAIMED_FOR_MS).toISOString();
  const claimed = claimed_at !== null && String(claimed_at) > abandoned;
  if (Number(failures) < after || told_at !== null || claimed) return [];
  database.run(CLAIM, { subject, now });
  return [alertOf('failing', subject, streak)];
};

/** Of a streak that nobody set out to tell of, the end is not told either. */
const endStreak = (database: Database, subject: string): NotedAlert[] => {
  const streak = database.get(END, { subject });
  if (streak === undefined || (streak.told_at === null && streak.claimed_at === null)) return [];
  return [alertOf('recovered', subject, streak)];
};

const findSlow = (
  durations: number[],
  duration_seconds: number,
  { slow_times }: AlertPolicy,
  execution_id: string,
): NotedAlert[] => {
  if (slow_times === null || durations.length < LEAST_KNOWN) return [];
  const usual_seconds = percentile(weighed(durations), 0.5);
  if (duration_seconds <= slow_times * usual_seconds) return [];
  return [{ kind: 'slow', execution_id, usual_seconds, duration_seconds }];
};

/**
 * Counts the outcome and answers what is to be told; before its duration is learned. Runs inside the
 * write transaction of the record.
 */
export const noteAlerts = (
  database: Database,
  now: string,
  { fence, status }: ExecutionRecord,
  duration_seconds: number,
  policy: AlertPolicy,
): NotedAlert[] => {
  const { job_id, execution_id } = fence;
  const job = database.get(OF_JOB, { job_id }) ?? {};
  const subject = subjectOf(job as { schedule_id: string | null; job_type: string });
  const slow = findSlow((job.durations ?? []) as number[], duration_seconds, policy, execution_id);
  if (status === 'success') return [...endStreak(database, subject), ...slow];
  if (status === 'failed' || status === 'timeout') {
    return [...addFailure(database, now, subject, policy), ...slow];
  }
  return slow;
};

const TOLD = `
  UPDATE cloud_job_streaks SET told_at = :now WHERE subject = :subject AND since = :since`;

export const alertTold = (database: Database, subject: string, since: Date): Promise<void> =>
  database.write((now) => {
    database.run(TOLD, { subject, since: since.toISOString(), now });
  });
