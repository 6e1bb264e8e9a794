// What ran before in another system: each execution of it becomes a finished job of a schedule here.
import type { ExecutionStatus, JobStatus } from './job.ts';
import type { Json } from './json.ts';
import type { LogEntry } from './store.ts';
import type { ErrorRecord } from './thrown.ts';

export interface PastExecution {
  /** of its job and of its one execution: the same however often it is imported */
  job_id: string;
  /** its job is one of this schedule, with the name, the type and the limits that it has now */
  schedule_id: string;
  status: Exclude<ExecutionStatus, 'running' | 'yielded'>;
  job_status: Extract<JobStatus, 'success' | 'failed' | 'cancelled'>;
  created_at: Date;
  /** also its time in the ledger: the one it was due at is not known */
  started_at: Date;
  finished_at: Date;
  /** null = it is not known */
  duration_seconds: number | null;
  result: Json;
  error: ErrorRecord | null;
  logs: LogEntry[];
  metadata: Json;
}

/** Called by `import`. */
export interface HistoryStore {
  /**
   * Writes the job, its execution, its events and its row of the ledger (`fired`, `imported`) for
   * each, oldest first, and moves `last_execution` of the schedules forward. Leaves out whose job is
   * there already, and whose schedule is not. Where the ledger has another row at that very moment, it
   * stays as it is. Answers how many were written; bounded by the caller.
   */
  importHistory(executions: PastExecution[]): Promise<{ added: number }>;
}
