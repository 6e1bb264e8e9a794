// What is worth telling a person at once: failures one after the other, their end, executions that take
// much longer than usual, and locks that expired. The store counts; who is told, and how, is not its affair.
import type { Job } from './job.ts';

/** Sent with a record when someone is to be told. */
export interface AlertPolicy {
  /** failures one after the other; each streak is told of once, and once when it ends */
  after: number;
  /** of the usual duration, for an execution long enough to be worth it; null = not asked */
  slow_times: number | null;
}

/** What the records of one call gave reason to tell of. */
export type NotedAlert =
  | {
      kind: 'failing' | 'recovered';
      /** see `subjectOf` */
      subject: string;
      failures: number;
      /** when the first of them ended */
      since: Date;
    }
  | { kind: 'slow'; execution_id: string; usual_seconds: number; duration_seconds: number };

/** Whose failures are counted together: those of its schedule, else of its type. */
export const subjectOf = ({ schedule_id, job_type }: Pick<Job, 'schedule_id' | 'job_type'>) =>
  schedule_id === null ? `type:${job_type}` : `schedule:${schedule_id}`;

export interface AlertStore {
  /**
   * That people were told of the streak of failures that began at `since`, if it still goes on. Until
   * then another failure gives reason to tell of it again, a minute after the last one that did.
   */
  alertTold(subject: string, since: Date): Promise<void>;
}
