// Rows of the earlier table `job_executions` as finished executions of ours.
import type { EarlierExecution, EarlierSchedule } from '../../core/earlier.ts';
import type { PastExecution } from '../../core/history.ts';
import { executionsTable } from './columns.ts';
import type { Row } from './database.ts';
import { pastJobIdOf } from './ids.ts';
import { type Notes, noneOf } from './notes.ts';
import { errorOf, logsOf, resultOf } from './outcome.ts';
import { timesOf } from './times.ts';
import { numberOf, wordOf } from './values.ts';

type Status = PastExecution['status'];

const spellings: Record<Status | 'open', string[]> = {
  success: ['success', 'succeeded', 'successful', 'completed', 'complete', 'done', 'finished'],
  failed: ['failed', 'failure', 'fail', 'error', 'errored'],
  timeout: ['timeout', 'timed_out', 'timedout'],
  cancelled: ['cancelled', 'canceled', 'aborted', 'stopped'],
  lost: ['lost', 'crashed', 'interrupted', 'orphaned'],
  open: ['pending', 'queued', 'scheduled', 'running', 'started', 'in_progress', 'retrying'],
};
const statuses = new Map(
  Object.entries(spellings).flatMap(([status, words]) =>
    words.map((word) => [word, status as Status | 'open'] as const),
  ),
);

const jobStatuses: Record<Status, PastExecution['job_status']> = {
  success: 'success',
  failed: 'failed',
  timeout: 'failed',
  cancelled: 'cancelled',
  lost: 'failed',
};

/** What the earlier scheduler allowed an execution, where its job did not say. */
const USUAL_TIMEOUT_SECONDS = 3600;
/** Between the end of an execution and the record of it. */
const GRACE_SECONDS = 300;

const mayGoOn = ({ input }: EarlierSchedule, started_at: Date, now: Date): boolean => {
  const allowed = Number(input.timeout_seconds) || USUAL_TIMEOUT_SECONDS;
  return started_at.getTime() + (allowed + GRACE_SECONDS) * 1000 > now.getTime();
};

const neverEnded = (word: string) => ({
  name: 'Error',
  message: `it was still ${word} in the system it was imported from`,
  stack: null,
});

export interface Surroundings {
  /** by their id there */
  schedules: Map<string, EarlierSchedule>;
  /** the clock there */
  now: Date;
  columns: Record<string, string>;
  notes: Notes;
}

/** null = nothing can be made of the row, and the notes say why. */
export const toExecution = (
  row: Row,
  { schedules, now, columns, notes }: Surroundings,
): EarlierExecution | null => {
  const { id, job_id } = row;
  const tell = (word: string, reason: string): null => {
    const column = columns[word] ?? null;
    const value = row[word] ?? null;
    notes.add({ table: executionsTable.name, row: id ?? null, column, value, reason });
    return null;
  };
  if (!id) return tell('id', 'it is empty');
  const schedule = schedules.get(job_id ?? '');
  if (!job_id || schedule === undefined) return tell('job_id', 'no row of jobs has this id');
  const word = wordOf(row.status ?? '');
  const said = statuses.get(word);
  if (said === undefined) return tell('status', noneOf(word, [...statuses.keys()]));
  const times = timesOf(row, tell);
  if (times === null) return tell('started_at', 'nothing says when it was');
  const open = said === 'open';
  if (open && mayGoOn(schedule, times.started_at, now)) return { earlier_id: job_id, past: null };
  const status = open ? 'lost' : said;
  const retry_attempt = numberOf(row.retry_attempt ?? '') ?? 0;
  const from = { job_id, execution_id: id, ...(retry_attempt > 0 && { retry_attempt }) };
  return {
    earlier_id: job_id,
    past: {
      ...times,
      job_id: pastJobIdOf(job_id, id),
      schedule_id: schedule.schedule_id,
      status,
      job_status: jobStatuses[status],
      result: resultOf(row.result, (why) => tell('result', why)),
      error: errorOf(row) ?? (open ? neverEnded(word) : null),
      logs: logsOf(row.logs),
      metadata: { imported: from },
    },
  };
};
