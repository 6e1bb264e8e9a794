// Rows of the earlier set-up in every state in which they are found, and one that oddities bring.

export interface EarlierJob {
  job_id: string;
  status?: string | null;
  job_type?: string;
  config?: object | null;
  description?: string | null;
  max_retries?: number | null;
  current_retries?: number | null;
  /** moments are minutes from now; negative = past */
  created_at?: number | null;
  last_execution?: number;
  locked_at?: number;
  locked_by?: string;
  lock_expires_at?: number;
}

export interface EarlierExecution {
  execution_id: string;
  job_id: string;
  status?: string | null;
  started_at?: number | null;
  finished_at?: number;
  duration_seconds?: number;
  result?: object | null;
  error_message?: string;
  instance_id?: string | null;
}

/** Needs columns that may be empty only where a row says `null`. */
export const jobs: EarlierJob[] = [
  { job_id: 'waiting-old', created_at: -90, config: { a: [1, { b: 'ü' }] }, description: 'first' },
  { job_id: 'waiting-new', created_at: -10, job_type: 'paper_fetch' },
  { job_id: 'waiting-tomorrow', created_at: 1440 },
  { job_id: 'retry-old', status: 'failed', created_at: -200, current_retries: 2, max_retries: 3 },
  { job_id: 'retry-new', status: 'failed', created_at: -100, current_retries: 1 },
  { job_id: 'failed', status: 'failed', current_retries: 3, created_at: -80, last_execution: -70 },
  { job_id: 'failed-over', status: 'failed', current_retries: 5, created_at: -79 },
  { job_id: 'success', status: 'success', created_at: -78, last_execution: -60 },
  { job_id: 'success-bare', status: 'success', created_at: -77 },
  { job_id: 'disabled', status: 'disabled', created_at: -300 },
  { job_id: 'live', status: 'locked', created_at: -76, ...lock('worker-live', 20) },
  { job_id: 'live-picked', status: 'locked', created_at: -75, ...lock('worker-picked', 20) },
  { job_id: 'live-second', status: 'locked', created_at: -74, ...lock('worker-second', 20) },
  { job_id: 'live-ended', status: 'locked', created_at: -73.5, ...lock('worker-ended', 20) },
  { job_id: 'expired', status: 'locked', created_at: -73, ...lock('worker-gone', -1) },
  {
    job_id: 'expired-last',
    status: 'locked',
    created_at: -72,
    current_retries: 3,
    ...lock('worker-gone', -2),
  },
  { job_id: 'lock-torn', status: 'locked', created_at: -71 },
  { job_id: 'lock-left', created_at: -5, ...lock('worker-gone', 5) },
];

function lock(locked_by: string, lock_expires_at: number) {
  return { locked_by, locked_at: -3, lock_expires_at };
}

export const executions: EarlierExecution[] = [
  {
    execution_id: 'failed-1',
    job_id: 'failed',
    status: 'failed',
    started_at: -72,
    finished_at: -70,
    duration_seconds: 1.3,
    error_message: 'it broke',
    instance_id: 'worker-1',
  },
  {
    execution_id: 'success-1',
    job_id: 'success',
    status: 'success',
    started_at: -62,
    finished_at: -61,
    result: { papers: 3 },
    instance_id: 'worker-1',
  },
  { execution_id: 'success-orphan', job_id: 'success', started_at: -77, instance_id: 'worker-0' },
  { execution_id: 'live-1', job_id: 'live', started_at: -3, instance_id: 'worker-live' },
  // An earlier worker died; this lock is another's, who has not written an execution yet.
  { execution_id: 'picked-0', job_id: 'live-picked', started_at: -30, instance_id: 'worker-0' },
  // The holder's clock is behind that of the one who failed before it.
  { execution_id: 'second-1', job_id: 'live-second', started_at: -9, instance_id: 'worker-second' },
  {
    execution_id: 'second-0',
    job_id: 'live-second',
    status: 'failed',
    started_at: -4,
    finished_at: -3,
    instance_id: 'worker-0',
  },
  // Its worker is about to say so in the job as well.
  {
    execution_id: 'ended-1',
    job_id: 'live-ended',
    status: 'success',
    started_at: -3,
    finished_at: -1,
    instance_id: 'worker-ended',
  },
  {
    execution_id: 'ended-0',
    job_id: 'live-ended',
    status: 'failed',
    started_at: -2,
    finished_at: -2,
    instance_id: 'worker-0',
  },
  { execution_id: 'expired-1', job_id: 'expired', started_at: -3, instance_id: 'worker-gone' },
  { execution_id: 'ended-open', job_id: 'waiting-old', status: 'failed', started_at: -40 },
];

/** Only where columns may be empty. */
export const emptyJobs: EarlierJob[] = [
  {
    job_id: 'empty',
    status: null,
    config: null,
    description: null,
    max_retries: null,
    current_retries: null,
    created_at: null,
  },
  { job_id: 'negative', max_retries: -1, current_retries: -2, created_at: -1 },
];

export const emptyExecutions: EarlierExecution[] = [
  { execution_id: 'empty-1', job_id: 'empty', status: null, started_at: null, result: null },
  {
    execution_id: 'empty-2',
    job_id: 'empty',
    status: null,
    finished_at: -1,
    instance_id: null,
  },
];

const moments = new Set([
  'created_at',
  'last_execution',
  'locked_at',
  'lock_expires_at',
  'started_at',
  'finished_at',
]);

const literal = (column: string, value: unknown): string => {
  if (value === null) return 'NULL';
  if (moments.has(column)) return `now() + interval '${value} minutes'`;
  if (typeof value === 'object') return `'${JSON.stringify(value)}'`;
  return `'${value}'`;
};

const insertInto = (table: string, row: object): string => {
  const entries = Object.entries(row);
  const values = entries.map(([column, value]) => literal(column, value));
  return `INSERT INTO ${table} (${entries.map(([column]) => column)}) VALUES (${values})`;
};

/** The statements that write them. */
export const insertRows = (jobs: EarlierJob[], executions: EarlierExecution[]): string[] => [
  ...jobs.map((job) =>
    insertInto('cloud_jobs', { name: `the ${job.job_id}`, job_type: 'custom', ...job }),
  ),
  ...executions.map((execution) => insertInto('cloud_job_executions', execution)),
];
