// Why a drain runs, until when, and how much of the work it may take.

/** Why we woke, and until when. */
export interface Trigger {
  /** `cli`, `work`, `aws.scheduler`, … */
  source: string;
  /** the platform's id of this event, when it has one */
  id: string | null;
  /** milliseconds until the platform stops us; null = nobody will */
  time_left_ms: number | null;
}

export interface DrainOptions {
  /** executions at most; null = no limit */
  max_jobs: number | null;
  /** restricts the known types; null = all of them */
  job_types: string[] | null;
  priority: { min: number; max: number } | null;
  /** aborted by SIGTERM, SIGINT: running code is stopped and recorded `yielded` */
  interrupt: AbortSignal | null;
}
